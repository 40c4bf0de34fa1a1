from collections import Counter, defaultdict


def pipeline_order(stages, needs):
    if not needs:
        return stages
    missing, waiting = Counter(), defaultdict(list)
    for stage, needed in needs:
        missing[stage] += 1
        missing[needed] += 0
        waiting[needed].append(stage)
    order = [stage for stage in missing if not missing[stage]]  # stages without a pair are not in there
    for done in order:
        for stage in waiting[done]:
            missing[stage] -= 1
            if not missing[stage]:
                order.append(stage)
    return order if len(order) == len(missing) else []
