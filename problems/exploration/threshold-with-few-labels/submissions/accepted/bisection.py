items, _ = map(int, input().split())
low, high = 0, items  # the number of bad items is one of these or between
while low < high:
    middle = (low + high) // 2
    print("?", middle, flush=True)
    if input() == "1":
        high = middle
    else:
        low = middle + 1
print("!", low, flush=True)
