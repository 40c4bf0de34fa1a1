import sys


def is_bad(item):
    sys.stdout.write(f"? {item}\n")
    sys.stdout.flush()
    return sys.stdin.readline().strip() == "0"


items = int(sys.stdin.readline().split()[0])
bad, step = 0, 1 << items.bit_length()
while step := step >> 1:
    if bad + step <= items and is_bad(bad + step - 1):
        bad += step
sys.stdout.write(f"! {bad}\n")
