package dev.keyturn.server.portal.create;

import dev.keyturn.core.identity.Call;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.server.portal.frame.Step;
import dev.keyturn.server.portal.frame.Visitor;
import java.util.List;
import java.util.Optional;

/** A form that makes something of one kind. It decides nothing: what it is told by services, it tells. */
interface Form {
    /**
     * What is the same for everybody who opens it.
     *
     * @param pattern of its address
     * @param here the entry of the navigation that it belongs to, which {@code hereTitle} names
     * @param words what is made, in a sentence or two
     */
    record About(String pattern, String title, String button, String here, String hereTitle, List<String> words) {
        public About {
            words = List.copyOf(words);
        }
    }

    About about();

    default String title(Visitor visitor) {
        return about().title();
    }

    /** The pages below {@code here} that it belongs to, from the outside in. */
    default List<FormPage.Crumb> inside(Visitor visitor) {
        return List.of();
    }

    /** Where somebody goes who leaves it. */
    default String back(Visitor visitor) {
        return about().here();
    }

    /** Its fields, filled in. */
    List<Field> fields(Visitor visitor, Typed typed);

    /** What has to be there first, where it is not. */
    default Optional<FormPage.Aside> aside(Visitor visitor) {
        return Optional.empty();
    }

    /** Refuses who may not make it, before anything else is said of what was typed. */
    void require(Visitor visitor, Typed typed);

    /** What is wrong with what was typed, and nobody else would say. */
    default List<ErrorInfo> problems(Visitor visitor, Typed typed) {
        return List.of();
    }

    /**
     * Does everything that making it does, and leaves nothing behind.
     *
     * @throws dev.keyturn.core.model.DomainException why it cannot be made
     * @throws dev.keyturn.json.BadBodyException why what was typed cannot be read
     */
    void rehearse(Visitor visitor, Typed typed, Call call);

    /**
     * Makes it; the address to go on to.
     *
     * @throws dev.keyturn.core.model.DomainException why it was not made
     * @throws dev.keyturn.json.BadBodyException why what was typed cannot be read
     */
    String make(Visitor visitor, Typed typed);

    /** What a client sends for what was typed, as far as it says what and where. */
    default Optional<Step> step(Visitor visitor, Typed typed) {
        return Optional.empty();
    }

    /** The field that an error is about; empty where it is about none. */
    Optional<String> field(ErrorInfo error, Typed typed);
}
