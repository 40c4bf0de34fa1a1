package judge.inside;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticListener;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;

/**
 * Compiles what lies in a box into one file.
 *
 * <p>{@code Compile BOX DRIVER OUTPUT OPTION... -- SOURCE...}: all {@code .java} files below BOX and, if it is there, the
 * driver, whose first line is a comment with the path of the submission's main file; of a whole program, which has none,
 * the first SOURCE is the main file. No file of the submission is looked at by
 * the compiler but these: there is no annotation processor, no plugin, no class path of the submission's. Messages are
 * written to standard error as javac does; those about the driver are told as what is wrong with the submission.
 */
public final class Compile implements DiagnosticListener<JavaFileObject> {
    private static final int MAX_ERRORS = 20;
    private final Path box;
    private final Path driver;
    private final Program program = new Program();
    private String main = "";
    private String entry = "";
    private boolean ofClass; // whether the entry point is a class, not a method of Solution
    private int errors;

    private Compile(Path box, Path driver) {
        this.box = box;
        this.driver = driver;
    }

    /** Exits with 0 when OUTPUT was written, with 1 when the source is at fault. */
    public static void main(String[] arguments) throws IOException {
        List<String> given = List.of(arguments);
        List<String> options = given.subList(3, given.indexOf("--"));
        List<String> named = given.subList(given.indexOf("--") + 1, given.size());
        Compile compile = new Compile(Path.of(arguments[0]), Path.of(arguments[1]));
        if (!named.isEmpty()) {
            compile.main = compile.box.relativize(Path.of(named.get(0))).toString();
            compile.program.parts.put(Program.MAIN, compile.main.getBytes(StandardCharsets.UTF_8));
        }
        boolean done = compile.run(options);
        if (done) {
            try (OutputStream file = new FileOutputStream(arguments[2])) {
                compile.program.write(file);
            }
        }
        System.err.flush();
        Runtime.getRuntime().halt(done ? 0 : 1);
    }

    private boolean run(List<String> options) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<JavaFileObject> sources = sources();
        try (StandardJavaFileManager standard = compiler.getStandardFileManager(this, Locale.ROOT, StandardCharsets.UTF_8)) {
            standard.setLocation(StandardLocation.SOURCE_PATH, List.of());
            Memory memory = new Memory(standard);
            StringWriter said = new StringWriter(); // of the compiler about itself
            boolean done = compiler.getTask(said, memory, this, options, null, sources).call();
            if (!done && errors == 0) {
                System.err.println(main + ":1: error: " + gaveUp(said.toString()));
            }
            for (Map.Entry<String, Output> output : memory.outputs.entrySet()) {
                program.parts.put(output.getKey(), output.getValue().data.toByteArray());
            }
            return done && errors == 0;
        }
    }

    // --- sources -----------------------------------------------------------------------------------------------------

    private List<JavaFileObject> sources() throws IOException {
        List<JavaFileObject> sources = new ArrayList<>();
        String[] head = Files.exists(driver) ? Files.readAllLines(driver).get(0).split(" ", 3) : new String[0];
        if (head.length == 3) {
            ofClass = head[0].equals("//class");
            entry = head[1];
            main = head[2];
        }
        List<Path> files;
        try (var found = Files.walk(box)) {
            files = found.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            String name = box.relativize(file).toString();
            if (name.endsWith(".java") || name.equals(main)) {
                byte[] text = Files.readAllBytes(file);
                program.parts.put(Program.SOURCE + file.getFileName(), text);
                sources.add(new Source(file, name, text));
            }
        }
        if (head.length == 3) {
            sources.add(new Source(driver, driver.toString(), Files.readAllBytes(driver)));
        }
        return sources;
    }

    /** A source; a public class may stand in a file of any name. */
    private static final class Source extends SimpleJavaFileObject {
        private final String name;
        private final String text;

        Source(Path file, String name, byte[] text) {
            super(file.toUri(), Kind.SOURCE);
            this.name = name;
            this.text = new String(text, StandardCharsets.UTF_8);
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return text;
        }

        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isNameCompatible(String simpleName, Kind kind) {
            return true;
        }
    }

    // --- classes -----------------------------------------------------------------------------------------------------

    /** A class file, kept in memory. */
    private static final class Output extends SimpleJavaFileObject {
        final ByteArrayOutputStream data = new ByteArrayOutputStream();

        Output(String name) {
            super(URI.create("memory:///" + name.replace('.', '/') + ".class"), Kind.CLASS);
        }

        @Override
        public OutputStream openOutputStream() {
            return data;
        }
    }

    private static final class Memory extends ForwardingJavaFileManager<JavaFileManager> {
        final Map<String, Output> outputs = new TreeMap<>();

        Memory(JavaFileManager standard) {
            super(standard);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(Location to, String name, JavaFileObject.Kind kind, FileObject near) {
            Output output = new Output(name);
            outputs.put(name, output);
            return output;
        }
    }

    // --- messages ----------------------------------------------------------------------------------------------------

    @Override
    public void report(Diagnostic<? extends JavaFileObject> found) {
        if (found.getKind() != Diagnostic.Kind.ERROR || ++errors > MAX_ERRORS) {
            return;
        }
        boolean ours = found.getSource() != null && found.getSource().getName().equals(driver.toString());
        System.err.println(ours ? main + ":1: error: " + blamed(found) : found.toString());
    }

    private static String gaveUp(String said) {
        if (said.contains("StackOverflowError")) {
            return "the source is nested too deeply for the compiler";
        }
        return "the compiler gave up: " + said.strip().lines().skip(1).findFirst().orElse(said.strip());
    }

    /** What is wrong with the submission when the driver does not compile with it. */
    private String blamed(Diagnostic<? extends JavaFileObject> found) {
        String code = found.getCode();
        String said = found.getMessage(Locale.ROOT);
        if (ofClass) {
            return blamedOnClass(code, said);
        }
        boolean whole = said.contains(entry) || said.contains("class Solution");
        if (code.startsWith("compiler.err.cant.resolve") && whole) {
            return "there is no method Solution." + entry;
        }
        if (said.contains("constructor") || code.contains("abstract")) {
            return "Solution needs a constructor without parameters, which is not private: " + said;
        }
        return "Solution." + entry + " cannot be called as the problem does, see the starter code: " + said;
    }

    private String blamedOnClass(String code, String said) {
        Matcher missing = Pattern.compile("symbol: +(class|method) (\\w+)").matcher(said);
        if (code.startsWith("compiler.err.cant.resolve") && missing.find()) {
            boolean whole = missing.group(1).equals("class");
            return whole ? "there is no class " + missing.group(2) : "there is no method " + entry + "." + missing.group(2);
        }
        return entry + " cannot be used as the problem does, see the starter code: " + said;
    }
}
