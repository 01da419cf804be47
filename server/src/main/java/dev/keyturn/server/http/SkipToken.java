package dev.keyturn.server.http;

import dev.keyturn.core.model.DomainError;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** {@code $skiptoken}: the position behind which the next page of a list begins, as base64url without padding. */
public final class SkipToken {
    private SkipToken() {}

    public static String of(String position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * The position that the token stands for; padding is forgiven.
     *
     * @throws dev.keyturn.core.model.DomainException {@code Invalid} where no list gave such a token: what is nearly
     *     one would begin anywhere
     */
    public static String position(String token) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(token);
            String position = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            if (of(position).equals(token.replaceFirst("={1,2}$", ""))) {
                return position;
            }
        } catch (IllegalArgumentException | CharacterCodingException e) {
            // Refused below, as any other text that is no token.
        }
        throw DomainError.invalid("$skiptoken", "'$skiptoken' must be one that a nextLink of this server has.")
                .asException();
    }
}
