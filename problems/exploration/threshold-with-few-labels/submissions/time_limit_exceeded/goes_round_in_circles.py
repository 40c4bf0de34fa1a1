items, _ = map(int, input().split())
low, high = 0, items
while low < high:
    middle = (low + high + 1) // 2  # with two left it is the upper one, for ever, and the label is known
    known = {} if low + 1 < high else {middle: "1"}
    if middle not in known:
        print("?", middle - 1, flush=True)
        known[middle] = input()
    if known[middle] == "1":
        high = middle
    else:
        low = middle
print("!", low, flush=True)
