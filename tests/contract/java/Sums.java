// A whole program: the sum of the numbers on each line; an argument takes its place. Not the first class with a main.
import java.util.Scanner;

class Another {
    public static void main(String[] arguments) {
        System.out.println("another");
    }
}

public class Sums {
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            System.out.println(String.join(" ", arguments));
            return;
        }
        Scanner from = new Scanner(System.in);
        while (from.hasNextLine()) {
            String line = from.nextLine();
            switch (line) {
                case "throw": throw new IllegalStateException("no way");
                case "status": System.exit(3);
                case "hoard": for (java.util.List<Object> kept = new java.util.ArrayList<>();;) kept.add(new long[1 << 16]);
                case "loop": for (;;) Thread.onSpinWait();
                default: System.out.println(line.lines().flatMap(x -> java.util.Arrays.stream(x.split(" ")))
                    .mapToLong(Long::parseLong).sum());
            }
        }
    }
}
