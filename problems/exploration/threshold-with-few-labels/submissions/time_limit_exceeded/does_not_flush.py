import sys

items = int(sys.stdin.readline().split()[0])
low, high = 0, items
while low < high:
    middle = (low + high) // 2
    sys.stdout.write(f"? {middle}\n")  # stays in the buffer
    if sys.stdin.readline().strip() == "1":
        high = middle
    else:
        low = middle + 1
sys.stdout.write(f"! {low}\n")
