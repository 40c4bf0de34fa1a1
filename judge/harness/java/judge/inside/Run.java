package judge.inside;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/**
 * Runs a whole program: {@code Run PROGRAM ARGUMENT...}.
 *
 * <p>Of the classes that have a main method it is the one named like the main file, else {@code Main}, else the first.
 */
public final class Run {
    private Run() {}

    /** Returns when the program's main method does, and throws what it throws. */
    public static void main(String[] arguments) throws Throwable {
        Program program = Program.read(arguments[0]);
        Method main = mainOf(program);
        if (main == null) {
            System.err.println("no class has a method public static void main(String[])");
            System.exit(1);
            return;
        }
        main.setAccessible(true);
        try {
            main.invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
        } catch (InvocationTargetException error) {
            throw error.getCause();
        }
    }

    private static Method mainOf(Program program) throws ClassNotFoundException {
        String file = new String(program.parts.getOrDefault(Program.MAIN, new byte[0]), StandardCharsets.UTF_8);
        String stem = file.substring(file.lastIndexOf('/') + 1).replaceFirst("\\.java$", "");
        Program.Loader loader = new Program.Loader(program);
        List<Method> found = new ArrayList<>();
        for (Map.Entry<String, byte[]> part : program.parts.entrySet()) {
            String name = part.getKey();
            Method main = name.indexOf(' ') >= 0 ? null : mainOf(Class.forName(name, false, loader));
            if (main == null) {
                continue;
            }
            String simple = name.substring(name.lastIndexOf('.') + 1);
            if (simple.equals(stem)) {
                return main;
            }
            found.add(main);
        }
        for (Method main : found) {
            if (main.getDeclaringClass().getName().equals("Main")) {
                return main;
            }
        }
        return found.isEmpty() ? null : found.get(0);
    }

    private static Method mainOf(Class<?> kind) {
        try {
            Method main = kind.getDeclaredMethod("main", String[].class);
            int wanted = java.lang.reflect.Modifier.PUBLIC | java.lang.reflect.Modifier.STATIC;
            return (main.getModifiers() & wanted) == wanted && main.getReturnType() == void.class ? main : null;
        } catch (NoSuchMethodException | NoClassDefFoundError error) {
            return null;
        }
    }
}
