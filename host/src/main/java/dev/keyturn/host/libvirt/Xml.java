package dev.keyturn.host.libvirt;

import java.io.StringWriter;
import java.util.function.Consumer;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Writes an XML document for libvirt; whatever goes in is escaped. */
final class Xml {
    private final XMLStreamWriter out;

    private Xml(XMLStreamWriter out) {
        this.out = out;
    }

    static String document(String root, Consumer<Xml> content) {
        StringWriter text = new StringWriter();
        try {
            XMLStreamWriter writer = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
            new Xml(writer).element(root, content);
            writer.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("cannot write XML", e);
        }
        return text.toString();
    }

    /** To be called before anything else in the element. */
    Xml attribute(String name, String value) {
        try {
            out.writeAttribute(name, value);
            return this;
        } catch (XMLStreamException e) {
            throw new IllegalStateException("cannot write XML", e);
        }
    }

    Xml element(String name, Consumer<Xml> content) {
        try {
            out.writeStartElement(name);
            content.accept(this);
            out.writeEndElement();
            return this;
        } catch (XMLStreamException e) {
            throw new IllegalStateException("cannot write XML", e);
        }
    }

    Xml empty(String name) {
        return element(name, _ -> {});
    }

    Xml text(String name, String value) {
        return element(name, e -> e.characters(value));
    }

    Xml characters(String value) {
        try {
            out.writeCharacters(value);
            return this;
        } catch (XMLStreamException e) {
            throw new IllegalStateException("cannot write XML", e);
        }
    }
}
