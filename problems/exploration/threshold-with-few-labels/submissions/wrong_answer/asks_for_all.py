items, _ = map(int, input().split())
bad = 0
while bad < items:  # one label for each bad item
    print("?", bad, flush=True)
    if input() == "1":
        break
    bad += 1
print("!", bad, flush=True)
