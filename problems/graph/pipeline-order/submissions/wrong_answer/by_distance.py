from collections import Counter, defaultdict


def pipeline_order(stages, needs):
    if has_circle(stages, needs):
        return []
    waiting = defaultdict(list)
    for stage, needed in needs:
        waiting[needed].append(stage)
    needy = {stage for stage, _ in needs}
    distance = {stage: 0 for stage in stages if stage not in needy}
    queue = list(distance)
    for stage in queue:
        for later in waiting[stage]:
            if later not in distance:
                distance[later] = distance[stage] + 1  # of the shortest way; the longest would do
                queue.append(later)
    return sorted(stages, key=distance.get)


def has_circle(stages, needs):
    missing, waiting = Counter(stage for stage, _ in needs), defaultdict(list)
    for stage, needed in needs:
        waiting[needed].append(stage)
    free = [stage for stage in stages if not missing[stage]]
    for done in free:
        for stage in waiting[done]:
            missing[stage] -= 1
            if not missing[stage]:
                free.append(stage)
    return len(free) < len(stages)
