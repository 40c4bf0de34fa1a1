items, _ = map(int, input().split())
low, high = 0, items + 1
while low < high:
    middle = (low + high) // 2
    print("?", middle, flush=True)  # item number `items` does not exist
    if input() == "1":
        high = middle
    else:
        low = middle + 1
print("!", low, flush=True)
