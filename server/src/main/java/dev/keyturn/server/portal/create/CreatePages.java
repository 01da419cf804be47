package dev.keyturn.server.portal.create;

import dev.keyturn.core.door.Rehearsed;
import dev.keyturn.core.model.DomainError;
import dev.keyturn.core.model.DomainException;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.vault.VaultKind;
import dev.keyturn.json.BadBodyException;
import dev.keyturn.server.http.ErrorStatus;
import dev.keyturn.server.http.Response;
import dev.keyturn.server.http.Routes;
import dev.keyturn.server.portal.frame.Html;
import dev.keyturn.server.portal.frame.Visitor;
import dev.keyturn.server.portal.vaults.VaultDesk;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;

/** The forms that make something: shown, checked while somebody types, and sent. */
public final class CreatePages {
    private static final int TOLD = 50;

    private final CreateDesk desk;
    private final List<Form> forms;
    private final List<Form> guarded;

    public CreatePages(CreateDesk desk, VaultDesk vaults) {
        this.desk = desk;
        this.forms = List.of(
                new GroupForm(desk),
                new VaultForm(desk, VaultKind.VAULT),
                new VaultForm(desk, VaultKind.MANAGED_HSM),
                new SetForm(desk),
                new VmForm(desk),
                new DiskForm(desk));
        this.guarded = List.of(
                new KeyForm(vaults, VaultKind.VAULT),
                new KeyForm(vaults, VaultKind.MANAGED_HSM),
                new KeyDatesForm(vaults, VaultKind.VAULT),
                new KeyDatesForm(vaults, VaultKind.MANAGED_HSM),
                new DataDiskForm(desk));
    }

    public void addTo(Routes routes) {
        forms.forEach(form -> add(routes, form, false));
        guarded.forEach(form -> add(routes, form, true));
        new SetNext(desk).addTo(routes);
    }

    /** @param asks whether the form is of something that is there, and not everybody's to see */
    private void add(Routes routes, Form form, boolean asks) {
        desk.entry().page(routes, form.about().pattern(), v -> {
            Typed typed = Typed.asked(v);
            if (asks) {
                form.require(v, typed);
            }
            return page(v, form, 200, typed, List.of());
        });
        desk.entry().form(routes, form.about().pattern(), v -> create(v, form));
        desk.entry().form(routes, form.about().pattern() + "/check", v -> check(v, form));
    }

    private Response create(Visitor visitor, Form form) {
        Typed typed = Typed.sent(visitor);
        form.require(visitor, typed);
        List<ErrorInfo> wrong = new ArrayList<>(form.problems(visitor, typed));
        if (!wrong.isEmpty()) {
            rehearsed(visitor, form, typed).ifPresent(e -> wrong.addAll(all(e)));
            return page(visitor, form, 400, typed, wrong);
        }
        try {
            return Html.to(form.make(visitor, typed));
        } catch (BadBodyException e) {
            return page(visitor, form, 400, typed, all(ErrorStatus.of(e)));
        } catch (DomainException e) {
            Response page = page(visitor, form, ErrorStatus.of(e.error()), typed, all(e.error()));
            return ErrorStatus.withRetry(page, e.error());
        }
    }

    /** What is wrong with what was typed so far; of fields in which nothing was typed nothing is said. */
    private Response check(Visitor visitor, Form form) {
        Typed typed = Typed.sent(visitor);
        form.require(visitor, typed);
        List<ErrorInfo> wrong = new ArrayList<>(form.problems(visitor, typed));
        rehearsed(visitor, form, typed).ifPresent(e -> wrong.addAll(all(e)));
        FormPage whole = filled(visitor, form, typed, wrong);
        boolean ready =
                whole.fields().stream().noneMatch(f -> f.required() && f.value().isEmpty());
        FormPage page = new FormPage(
                whole.title(),
                whole.button(),
                whole.here(),
                whole.hereTitle(),
                whole.inside(),
                whole.back(),
                whole.action(),
                whole.words(),
                whole.fields().stream()
                        .map(f -> f.value().isEmpty() && f.required() ? f.with(List.of()) : f)
                        .toList(),
                ready ? whole.problems() : List.of(),
                Optional.empty());
        return desk.entry()
                .html()
                .page(
                        200,
                        "create-check",
                        desk.entry().frame(visitor, page.title(), page.here(), Optional.empty()),
                        page);
    }

    /** Why it could not be made; with a name that fits, where the name alone is wrong already, so that the rest is told too. */
    private Optional<DomainError> rehearsed(Visitor visitor, Form form, Typed typed) {
        boolean misnamed =
                form.problems(visitor, typed).stream().anyMatch(e -> e.target().equals(Optional.of(ArmForm.NAME)));
        Typed tried = misnamed
                ? typed.with(ArmForm.NAME, "any" + ThreadLocalRandom.current().nextInt(1_000_000, 10_000_000))
                : typed;
        try {
            form.rehearse(visitor, tried, visitor.call().rehearsed());
            return Optional.empty();
        } catch (Rehearsed done) {
            return Optional.empty();
        } catch (BadBodyException e) {
            return Optional.of(ErrorStatus.of(e));
        } catch (DomainException e) {
            return Optional.of(e.error());
        }
    }

    /** Each thing that is wrong, by itself. */
    private static List<ErrorInfo> all(DomainError error) {
        ErrorInfo info = error.info();
        boolean apart = error instanceof DomainError.Invalid && !info.details().isEmpty();
        return apart ? info.details() : List.of(info);
    }

    private Response page(Visitor visitor, Form form, int status, Typed typed, List<ErrorInfo> wrong) {
        FormPage page = filled(visitor, form, typed, wrong);
        return desk.entry()
                .html()
                .page(
                        status,
                        "create",
                        desk.entry()
                                .frame(visitor, page.title(), page.here(), Optional.empty())
                                .with(form.step(visitor, shown(page.fields())).stream()
                                        .toList())
                                .alone("Mend what is said above; then the call stands here."),
                        page);
    }

    /** As the form would be sent; what is required and empty is in capitals. */
    private static Typed shown(List<Field> fields) {
        Map<String, String> values = new HashMap<>();
        for (Field field : fields) {
            if (field.kind().equals("tick")) {
                if (field.on()) {
                    values.put(field.name(), "on");
                }
            } else {
                boolean missing = field.value().isEmpty() && field.required();
                values.put(field.name(), missing ? field.name().toUpperCase(Locale.ROOT) : field.value());
            }
        }
        return new Typed(values, true);
    }

    private static FormPage filled(Visitor visitor, Form form, Typed typed, List<ErrorInfo> wrong) {
        List<Field> fields = form.fields(visitor, typed);
        Map<String, List<String>> byField = new LinkedHashMap<>();
        List<String> others = new ArrayList<>();
        for (ErrorInfo error : wrong.stream().limit(TOLD).toList()) {
            Optional<String> field = error.target()
                    .filter(name -> fields.stream().anyMatch(f -> f.name().equals(name)))
                    .or(() -> form.field(error, typed)
                            .filter(name ->
                                    fields.stream().anyMatch(f -> f.name().equals(name))));
            List<String> to = field.map(f -> byField.computeIfAbsent(f, _ -> new ArrayList<>()))
                    .orElse(others);
            if (!to.contains(message(error))) {
                to.add(message(error));
            }
        }
        return new FormPage(
                form.title(visitor),
                form.about().button(),
                form.about().here(),
                form.about().hereTitle(),
                form.inside(visitor),
                form.back(visitor),
                visitor.request().path().replaceFirst("/check$", ""),
                form.about().words(),
                fields.stream()
                        .map(f -> f.with(byField.getOrDefault(f.name(), List.of())))
                        .toList(),
                others,
                form.aside(visitor));
    }

    private static String message(ErrorInfo error) {
        return error.code().equals("PreconditionFailed")
                ? "There is one of this name in the group already."
                : error.message();
    }
}
