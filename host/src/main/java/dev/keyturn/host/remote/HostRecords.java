package dev.keyturn.host.remote;

import dev.keyturn.core.host.ArtifactImage;
import dev.keyturn.core.host.Hardware;
import dev.keyturn.core.host.HostArtifact;
import dev.keyturn.core.host.HostFile;
import dev.keyturn.core.host.ImageFile;
import dev.keyturn.core.host.ImageProblem;
import dev.keyturn.core.host.Machine;
import dev.keyturn.core.host.NewImage;
import dev.keyturn.core.model.ArtifactId;
import dev.keyturn.core.model.ArtifactKind;
import dev.keyturn.core.model.ErrorInfo;
import dev.keyturn.core.operation.Fence;
import java.util.Map;
import java.util.TreeMap;

/** The records of the port as bytes, and back. */
final class HostRecords {
    /** Errors have details, and these have none of their own to speak of; what is nested deeper is no answer of a host. */
    private static final int DEEPEST = 8;

    private HostRecords() {}

    static void fence(WireWriter out, Fence fence) {
        out.number(fence.number());
    }

    static Fence fenceFrom(WireReader in) throws WireFormatException {
        return new Fence(in.longNumber());
    }

    static void image(WireWriter out, ArtifactImage image) {
        out.number(image.artifact().value())
                .number(image.kind().number())
                .maybe(image.vmId(), WireWriter::uuid)
                .maybe(image.diskId(), WireWriter::uuid)
                .maybe(image.lun(), WireWriter::number)
                .maybe(image.made(), (o, made) -> o.number(made.sizeGb()).flag(made.filled()));
    }

    static ArtifactImage imageFrom(WireReader in) throws WireFormatException {
        return new ArtifactImage(
                new ArtifactId(in.longNumber()),
                kind(in.number()),
                in.maybe(WireReader::uuid),
                in.maybe(WireReader::uuid),
                in.maybe(WireReader::number),
                in.maybe(i -> new ArtifactImage.Made(i.number(), i.flag())));
    }

    private static ArtifactKind kind(int number) throws WireFormatException {
        for (ArtifactKind kind : ArtifactKind.values()) {
            if (kind.number() == number) {
                return kind;
            }
        }
        throw new WireFormatException("no kind of artifact that is known here: " + number);
    }

    static void artifact(WireWriter out, HostArtifact artifact) {
        image(out, artifact.image());
        out.secret(artifact.dataKey());
    }

    static void newImage(WireWriter out, NewImage wanted) {
        artifact(out, wanted.artifact());
        out.number(wanted.sizeGb())
                .maybe(wanted.source(), (o, file) -> o.text(file.name()).word(file.format()));
    }

    static ImageFile fileFrom(WireReader in) throws WireFormatException {
        return new ImageFile(in.text(), in.word(ImageFile.Format.class));
    }

    static void machine(WireWriter out, Machine machine) {
        out.uuid(machine.vmId())
                .text(machine.name())
                .maybe(machine.hardware().size(), WireWriter::text)
                .flag(machine.hardware().secureBoot());
    }

    static Machine machineFrom(WireReader in) throws WireFormatException {
        return new Machine(in.uuid(), in.text(), new Hardware(in.maybe(WireReader::text), in.flag()));
    }

    static void problem(WireWriter out, ImageProblem problem) {
        out.number(problem.artifact().value());
        info(out, problem.reason());
    }

    static ImageProblem problemFrom(WireReader in) throws WireFormatException {
        return new ImageProblem(new ArtifactId(in.longNumber()), infoFrom(in));
    }

    static void hostFile(WireWriter out, HostFile file) {
        out.text(file.path())
                .word(file.kind())
                .maybe(file.owner(), WireWriter::uuid)
                .number(file.bytes())
                .instant(file.changed());
    }

    static HostFile hostFileFrom(WireReader in) throws WireFormatException {
        return new HostFile(
                in.text(), in.word(HostFile.Kind.class), in.maybe(WireReader::uuid), in.longNumber(), in.instant());
    }

    static void notes(WireWriter out, Map<String, String> notes) {
        out.each(notes.entrySet(), (o, note) -> o.text(note.getKey()).text(note.getValue()));
    }

    static Map<String, String> notesFrom(WireReader in) throws WireFormatException {
        Map<String, String> notes = new TreeMap<>();
        for (Map.Entry<String, String> note : in.each(i -> Map.entry(i.text(), i.text()))) {
            notes.put(note.getKey(), note.getValue());
        }
        return notes;
    }

    static void info(WireWriter out, ErrorInfo info) {
        out.text(info.code())
                .text(info.message())
                .maybe(info.target(), WireWriter::text)
                .each(info.details(), HostRecords::info);
    }

    static ErrorInfo infoFrom(WireReader in) throws WireFormatException {
        return infoFrom(in, DEEPEST);
    }

    private static ErrorInfo infoFrom(WireReader in, int deep) throws WireFormatException {
        if (deep == 0) {
            throw new WireFormatException("an error nested too deep");
        }
        return new ErrorInfo(in.text(), in.text(), in.maybe(WireReader::text), in.each(i -> infoFrom(i, deep - 1)));
    }
}
