package dev.keyturn.core.outside;

import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.people.SignInName;

/** Why somebody who comes from an outside provider is not let in, and what can be done. */
public enum OutsideRefusal {
    /** The provider's answer proves nobody. */
    ANSWER(
            "OutsideAnswerRefused",
            "The answer of the provider was not accepted. It may have been for another browser, too late, or a second"
                    + " time. Begin again; if it happens every time, the server's log and the activity log say why."),
    /** Too many answers from one address. */
    BUSY("OutsideBusy", "Too many sign-ins came from your address in a short time. Wait a minute, then begin again."),
    /** Something is the matter here. */
    FAILED(
            "OutsideFailed",
            "The sign-in could not be finished here; the server's log says why. Begin again in a moment."),
    /** The person said no there, or the provider did. */
    DENIED("OutsideDenied", "The provider did not sign you in: it was refused or called off there."),
    /** Asked for a sign-in of just now, the provider brought an older one. */
    NOT_FRESH(
            "OutsideNotFresh",
            "The provider does not say that you signed in just now, which this step needs. Sign in again, with your"
                    + " password there."),
    /** In no group that is let in. */
    NOT_LET_IN(
            "OutsideNotLetIn",
            "The provider knows you, but says of no group that is let in here that you are in it. Ask who looks after"
                    + " the provider's groups, or after this server's --oidc-config."),
    /** The person was deleted here. */
    SHUT_OUT(
            "OutsideShutOut",
            "Your person was deleted here. Somebody who may write people can let you in again, on the page People."),
    /** Another person here has the name. */
    NAME_TAKEN(
            "OutsideNameTaken",
            "The name that the provider gives you belongs to another person here, and nobody is known by a name alone."
                    + " Have the provider give you another name, or have somebody who may write people delete that"
                    + " person."),
    /** What the provider calls the person is no name here. */
    NAME_UNUSABLE(
            "OutsideNameUnusable",
            "The name that the provider gives you cannot be one here: it must have " + SignInName.FORM
                    + ". Which claim is the name is set in --oidc-config.");

    private final String code;
    private final String text;

    OutsideRefusal(String code, String text) {
        this.code = code;
        this.text = text;
    }

    public String code() {
        return code;
    }

    public String text() {
        return text;
    }

    ErrorInfo info() {
        return ErrorInfo.of(code, text);
    }
}
