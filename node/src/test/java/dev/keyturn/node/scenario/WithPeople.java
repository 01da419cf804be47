package dev.keyturn.node.scenario;

import dev.keyturn.core.directory.Groups;
import dev.keyturn.core.directory.People;
import dev.keyturn.core.identity.Call;
import dev.keyturn.core.people.Person;
import dev.keyturn.core.people.SignInName;
import dev.keyturn.core.resource.Subscription;
import dev.keyturn.store.TestDatabase;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A world of its own for each test, with people and groups of people in it. */
abstract class WithPeople {
    final Call server = Call.server(Call.SERVER, new UUID(0, 1));
    final Subscription subscription = new Subscription(World.SUBSCRIPTION, new UUID(0, 1).toString(), "test");
    TestDatabase database;
    World world;
    People people;
    Groups groups;

    @BeforeEach
    final void openWorld(@TempDir Path directory) {
        database = TestDatabase.in(directory);
        world = World.fresh(database);
        people = world.node.people(subscription);
        groups = world.node.groups(subscription);
    }

    @AfterEach
    final void closeWorld() {
        world.node.close();
        database.close();
    }

    final Person person(String name) {
        return people.invite(server, new SignInName(name), name).person();
    }

    /** Through the portal. */
    static Call as(Person person) {
        return new Call(person.caller(), UUID.randomUUID(), Optional.empty(), Call.Door.PORTAL);
    }
}
