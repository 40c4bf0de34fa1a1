from collections import Counter, defaultdict


def pipeline_order(stages, needs):
    missing, waiting = Counter(stage for stage, _ in needs), defaultdict(list)
    for stage, needed in needs:
        waiting[needed].append(stage)
    order = [stage for stage in stages if not missing[stage]]
    for done in order:
        for stage in waiting[done]:
            missing[stage] -= 1
            if not missing[stage]:
                order.append(stage)
    return order  # a part of the stages, where there is a circle
