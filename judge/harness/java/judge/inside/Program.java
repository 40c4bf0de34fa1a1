package judge.inside;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** A compiled program in one file: pairs of a name and bytes, the classes and the sources that errors are shown with. */
final class Program {
    static final String ENTRY = "Judge__Entry";
    static final String SOURCE = "source "; // before the name of a source file, which no class is named like
    static final String MAIN = "main "; // of a whole program: the path of its main file
    final Map<String, byte[]> parts = new LinkedHashMap<>();

    static Program read(String path) throws IOException {
        Program program = new Program();
        try (InputStream file = new FileInputStream(path)) {
            DataInputStream from = new DataInputStream(new java.io.ByteArrayInputStream(file.readAllBytes()));
            for (int left = from.readInt(); left > 0; --left) {
                String name = new String(from.readNBytes(from.readInt()), StandardCharsets.UTF_8);
                program.parts.put(name, from.readNBytes(from.readInt()));
            }
        }
        return program;
    }

    void write(OutputStream file) throws IOException {
        DataOutputStream to = new DataOutputStream(file);
        to.writeInt(parts.size());
        for (Map.Entry<String, byte[]> part : parts.entrySet()) {
            for (byte[] data : new byte[][] {part.getKey().getBytes(StandardCharsets.UTF_8), part.getValue()}) {
                to.writeInt(data.length);
                to.write(data);
            }
        }
        to.flush();
    }

    /** Loads its classes, after those of the judge and of Java: none of them can be put in the place of another. */
    static final class Loader extends ClassLoader {
        private final Map<String, byte[]> classes;

        Loader(Program program) {
            super("solution", Program.class.getClassLoader());
            classes = program.parts;
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] code = classes.get(name);
            if (code == null) {
                throw new ClassNotFoundException(name);
            }
            return defineClass(name, code, 0, code.length);
        }
    }
}
