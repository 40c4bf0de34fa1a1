items, _ = map(int, input().split())
low, high = 0, items - 1  # forgets that all may be bad
while low < high:
    middle = (low + high) // 2
    print("?", middle, flush=True)
    if input() == "1":
        high = middle
    else:
        low = middle + 1
print("!", low, flush=True)
