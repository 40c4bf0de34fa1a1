// The ends of a call, each by its name; a static field counts the calls of a process.
import java.io.*;
import java.nio.ByteBuffer;
import java.nio.file.*;
import java.util.*;
import judge.*;

public class Solution {
    static int calls = 0;
    static class Own extends Exception { public String getMessage() { throw new RuntimeException("no"); } }

    private static void spin() { for (;;) Thread.onSpinWait(); }

    private static void sleep() {
        try {
            Thread.sleep(1_000_000);
        } catch (InterruptedException error) {
            return;
        }
    }

    private static long depth(long n) { return n == 0 ? 0 : 1 + depth(n - 1); }

    static Object f(String way) throws Throwable {
        switch (way) {
            case "print": System.out.print("out\u00e9"); System.err.print("err"); return 42;
            case "throw": throw new IOException("no way");
            case "own": throw new Own();
            case "none": return null;
            case "character": return 'c';
            case "set": return Set.of(1);
            case "surrogate": return "\ud800";
            case "itself": { List<Object> list = new ArrayList<>(); list.add(list); return list; }
            case "deep": return depth(100_000);
            case "too deep": return depth(Long.MAX_VALUE);
            case "allocate": return new long[Integer.MAX_VALUE - 8].length;
            case "hoard": { List<Object> kept = new ArrayList<>(); for (;;) kept.add(new long[1 << 16]); }
            case "direct": {
                List<Object> kept = new ArrayList<>();
                for (;;) kept.add(ByteBuffer.allocateDirect(1 << 24));
            }
            case "native": {
                var field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
                field.setAccessible(true);
                var unsafe = (sun.misc.Unsafe) field.get(null);
                for (;;) unsafe.setMemory(unsafe.allocateMemory(1 << 24), 1 << 24, (byte) 1);
            }
            case "crash": {
                var field = sun.misc.Unsafe.class.getDeclaredField("theUnsafe");
                field.setAccessible(true);
                ((sun.misc.Unsafe) field.get(null)).putLong(0, 0);
                return 0;
            }
            case "garbage": {
                long sum = 0;
                for (int n = 0; n < 3000; ++n) sum += new long[1 << 16].length;
                return sum;
            }
            case "threads": for (;;) new Thread(() -> sleep()).start();
            case "left behind": new Thread(() -> spin()).start(); return 42;
            case "hook": Runtime.getRuntime().addShutdownHook(new Thread(() -> spin())); return 42;
            case "loop": spin();
            case "sleep": sleep();
            case "exit": System.exit(0);
            case "halt": Runtime.getRuntime().halt(0);
            case "status": System.exit(3);
            case "flood": for (;;) System.out.println("again and again and again and again and again");
            case "forge": new FileOutputStream(FileDescriptor.in).write(new byte[] {0, 0, 0, 1, (byte) 0xc0}); return 0;
            case "half": new FileOutputStream(FileDescriptor.in).write(new byte[] {0, 0}); System.exit(0);
            case "read": return System.in.read();
            case "count": return ++calls;
            case "run": return new ProcessBuilder("/bin/sh").start().waitFor();
            case "litter": {
                Path at = Files.createDirectory(Path.of("/tmp/deep"));
                for (int n = 0; n < 900; ++n) Files.createDirectory(at = at.resolve("x"  + "y".repeat(n % 3)));
                return 0;
            }
            case "litter more": {
                for (String name : List.of("/box/.hotspotrc", "/box/a", "/tmp/0", "/tmp/deep/x/1")) {
                    Files.createDirectories(Path.of(name).getParent());
                    Files.writeString(Path.of(name), "+HeapDumpOnOutOfMemoryError");
                }
                File closed = new File("/box/closed/inner");
                closed.mkdirs();
                new File("/box/closed/inner/file").createNewFile();
                closed.setExecutable(false); closed.setReadable(false); closed.setWritable(false);
                Files.createSymbolicLink(Path.of("/box/link"), Path.of("/judge"));
                return 0;
            }
            case "left": {
                List<String> found = new ArrayList<>(List.of(new File("/tmp").list()));
                found.addAll(List.of(new File("/box").list()));
                return found;
            }
            default: return way;
        }
    }
}
