package dev.keyturn.server.portal.vaults;

import dev.keyturn.server.portal.frame.KeyLook;
import java.util.List;
import java.util.Optional;

/**
 * What comes before something that is hard or impossible to take back: what it would break, and a name to type.
 *
 * @param title what is to be done, with its button's word
 * @param words what becomes of it
 * @param version the version that it is about; absent where it is about the whole key
 * @param against why it would be refused: then nothing is offered
 * @param typed what has to be typed
 */
public record KeyEndPage(
        String title,
        String button,
        String action,
        String key,
        String keyHref,
        String vault,
        String vaultHref,
        String all,
        String allTitle,
        Optional<KeyLook> version,
        List<String> words,
        Loss loss,
        String needs,
        Optional<String> against,
        String typed,
        List<String> problems) {
    public KeyEndPage {
        words = List.copyOf(words);
        problems = List.copyOf(problems);
    }
}
