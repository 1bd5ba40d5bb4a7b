"""Writes the vectors that the tests of dev.lentil.metrics compare with.

    python3 bench/python/metric_vectors.py

writes engine/src/test/resources/dev/lentil/metrics/metric_vectors.json. Needs numpy, scipy and scikit-learn. What they have is
taken from them; what they lack is written out here by its textbook formula, with loops over all pairs where the project is fast,
so that the two share nothing but the definition.
"""

import json
import pathlib

import numpy
import scipy
import sklearn
from scipy import optimize, special, stats
from sklearn import calibration, metrics

FILE = pathlib.Path(__file__).parents[2] / "engine/src/test/resources/dev/lentil/metrics/metric_vectors.json"
EDGE = 2.0**-24
BINS = 10
THRESHOLD = 0.5


def sigmoid(z):
    return special.expit(z)


def logit(p):
    inside = numpy.clip(p, EDGE, 1 - EDGE)
    return numpy.log(inside / (1 - inside))


# ---- areas and their covariance: DeLong et al. 1988 and Obuchowski 1997, by the definition ----


def wins(x, y):
    return 1.0 if x > y else 0.5 if x == y else 0.0


def placements(labels, scores):
    """Of each positive the mean win over the negatives, of each negative the mean win of the positives over it."""
    positives = [s for s, l in zip(scores, labels) if l == 1]
    negatives = [s for s, l in zip(scores, labels) if l == 0]
    v10 = [sum(wins(x, y) for y in negatives) / len(negatives) for x in positives]
    v01 = [sum(wins(x, y) for x in positives) / len(positives) for y in negatives]
    return v10, v01


def delong(labels, models):
    """Matrix of covariances from the unbiased covariances of the placements."""
    m = sum(labels)
    n = len(labels) - m
    v = [placements(labels, scores) for scores in models]
    s10 = numpy.atleast_2d(numpy.cov([x[0] for x in v], ddof=1)) if m > 1 else numpy.full((len(v),) * 2, numpy.nan)
    s01 = numpy.atleast_2d(numpy.cov([x[1] for x in v], ddof=1)) if n > 1 else numpy.full((len(v),) * 2, numpy.nan)
    return s10 / m + s01 / n


def obuchowski(labels, clusters, models):
    m = sum(labels)
    n = len(labels) - m
    names = sorted(set(clusters))
    areas = [metrics.roc_auc_score(labels, scores) for scores in models]
    with_positives = len({c for c, l in zip(clusters, labels) if l == 1})
    with_negatives = len({c for c, l in zip(clusters, labels) if l == 0})

    def sums(model, label):
        v = iter(placements(labels, models[model])[0 if label == 1 else 1])
        total = dict.fromkeys(names, 0.0)
        count = dict.fromkeys(names, 0)
        for cluster, l in zip(clusters, labels):
            if l == label:
                total[cluster] += next(v)
                count[cluster] += 1
        return [total[c] - count[c] * areas[model] for c in names]

    def covariance(a, b):
        x, y = [sums(a, 1), sums(a, 0)], [sums(b, 1), sums(b, 0)]
        pairs = lambda p, q: sum(i * j for i, j in zip(p, q))
        s10 = with_positives / ((with_positives - 1) * m) * pairs(x[0], y[0])
        s01 = with_negatives / ((with_negatives - 1) * n) * pairs(x[1], y[1])
        s11 = len(names) / (len(names) - 1) * (pairs(x[0], y[1]) + pairs(x[1], y[0]))
        return s10 / m + s01 / n + s11 / (m * n)

    return [[covariance(a, b) for b in range(len(models))] for a in range(len(models))]


def difference(areas, covariance):
    error = max(0.0, covariance[0][0] + covariance[1][1] - 2 * covariance[0][1]) ** 0.5
    gap = areas[0] - areas[1]
    if error < 1e-12:
        return None
    return {"standard_error": error, "z": gap / error, "p": 2 * stats.norm.sf(abs(gap / error))}


def interval(area, variance):
    reach = stats.norm.ppf(0.975) * variance**0.5
    return [max(0.0, area - reach), min(1.0, area + reach)]


def areas_of(labels, clusters, models):
    areas = [metrics.roc_auc_score(labels, scores) for scores in models]
    plain = delong(labels, models).tolist()
    clustered = obuchowski(labels, clusters, models)
    return {
        "auc": areas,
        "delong": plain,
        "delong_interval": interval(areas[0], plain[0][0]),
        "delong_difference": difference(areas, plain),
        "clustered": clustered,
        "clustered_difference": difference(areas, clustered),
    }


# ---- calibration ----


def maximum_likelihood(labels, z):
    """Intercept and slope of the logistic regression on z, none where a threshold separates the classes."""
    if max(z[labels == 0]) <= min(z[labels == 1]) or max(z[labels == 1]) <= min(z[labels == 0]):
        return None

    def gradient(w):
        off = sigmoid(w[0] + w[1] * z) - labels
        return [off.sum(), (off * z).sum()]

    def hessian(w):
        p = sigmoid(w[0] + w[1] * z)
        c = p * (1 - p)
        return [[c.sum(), (c * z).sum()], [(c * z).sum(), (c * z * z).sum()]]

    start = optimize.minimize(
        lambda w: numpy.logaddexp(0, (1 - 2 * labels) * (w[0] + w[1] * z)).sum(), [0, 0.5], method="BFGS").x
    root = optimize.root(gradient, start, jac=hessian, tol=1e-15)
    assert numpy.abs(gradient(root.x)).max() < 1e-9
    return root.x.tolist()


def temperature(labels, z):
    slope = lambda log_t: ((sigmoid(z / numpy.exp(log_t)) - labels) * z).sum()
    low, high = -numpy.log(100), numpy.log(100)
    if slope(low) * slope(high) > 0:
        return 100.0 if slope(high) > 0 else 0.01
    return float(numpy.exp(optimize.brentq(slope, low, high, xtol=1e-15, rtol=1e-15)))


def diagram(labels, p, strategy):
    edges = numpy.linspace(0, 1, BINS + 1) if strategy == "uniform" else numpy.percentile(p, numpy.linspace(0, 100, BINS + 1))
    true, predicted = calibration.calibration_curve(labels, p, n_bins=BINS, strategy=strategy)
    which = numpy.searchsorted(edges[1:-1], p)
    counts = numpy.bincount(which, minlength=BINS)
    counts = counts[counts > 0]
    return true, predicted, counts


def calibration_of(labels, p):
    z = logit(p)
    out = {
        "brier": metrics.brier_score_loss(labels, p),
        "log_loss": metrics.log_loss(labels, numpy.clip(p, EDGE, 1 - EDGE)),
        "temperature": temperature(labels, z),
        "line": maximum_likelihood(labels, z),
        "in_the_large": optimize.brentq(lambda a: (sigmoid(a + z) - labels).sum(), -100, 100, xtol=1e-15, rtol=1e-15),
    }
    for strategy in ["uniform", "quantile"]:
        true, predicted, counts = diagram(labels, p, strategy)
        share = counts / counts.sum()
        base = labels.mean()
        out[strategy] = {
            "frequency": true.tolist(),
            "probability": predicted.tolist(),
            "count": counts.tolist(),
            "expected_error": float((share * abs(true - predicted)).sum()),
            "reliability": float((share * (true - predicted) ** 2).sum()),
            "resolution": float((share * (true - base) ** 2).sum()),
            "uncertainty": float(base * (1 - base)),
        }
    return out


# ---- thresholds ----


def answers_of(labels, p, other):
    answer = (p > THRESHOLD).astype(int)
    second = (other > THRESHOLD).astype(int)
    b = int(((answer == labels) & (second != labels)).sum())
    c = int(((answer != labels) & (second == labels)).sum())
    precision, recall, thresholds = metrics.precision_recall_curve(labels, p)
    curve = []
    for t in [0.05, 0.2, 0.5, 0.8]:
        treated = p > t
        curve.append([t, (labels[treated].sum() - (1 - labels[treated]).sum() * t / (1 - t)) / len(labels),
                      (labels.sum() - (1 - labels).sum() * t / (1 - t)) / len(labels)])
    return {
        "balanced_accuracy": metrics.balanced_accuracy_score(labels, answer),
        "matthews": metrics.matthews_corrcoef(labels, answer),
        "f1": metrics.f1_score(labels, answer, zero_division=0),
        "average_precision": metrics.average_precision_score(labels, p),
        # scikit-learn goes up in the threshold and ends in a point without one
        "precision_recall": [thresholds[::-1].tolist(), recall[:-1][::-1].tolist(), precision[:-1][::-1].tolist()],
        "mcnemar": [b, c],
        "net_benefit": curve,
    }


def case(name, labels, clusters, *models):
    labels = numpy.array(labels)
    models = [numpy.array(m, dtype=float) for m in models]
    plain = [int(l) for l in labels]
    return {
        "name": name,
        "labels": plain,
        "clusters": [int(c) for c in clusters],
        "models": [m.tolist() for m in models],
        "areas": areas_of(plain, clusters, [m.tolist() for m in models]),
        "calibration": calibration_of(labels, models[0]),
        "answers": answers_of(labels, models[0], models[1]),
    }


def cases():
    random = numpy.random.default_rng(20)

    def draw(n, share, shift, spread, digits=4):
        labels = (random.random(n) < share).astype(int)
        signal = (2 * labels - 1) * shift + random.normal(size=n)
        first = sigmoid(signal + spread * random.normal(size=n))
        second = sigmoid(0.7 * signal + 0.4 + spread * random.normal(size=n))
        return labels, numpy.round(first, digits), numpy.round(second, digits)

    labels, a, b = draw(150, 0.3, 0.9, 0.6)
    # clusters of one class each, as lesions have
    yield case("lesions", labels, [i // 3 * 2 + l for i, l in enumerate(labels)], a, b)
    labels, a, b = draw(120, 0.5, 0.4, 0.5)
    yield case("clusters_of_both_classes", labels, random.integers(0, 35, 120).tolist(), a, b)
    labels, a, b = draw(100, 0.4, 0.6, 0.6)
    eighth = lambda p: numpy.round(p * 8) / 8
    yield case("many_ties_and_certainty", labels, [i // 2 for i in range(100)], eighth(a), eighth(b))
    labels, a, b = draw(60, 0, 0.5, 0.5)
    labels[[7, 20, 33]] = 1
    yield case("three_positives", labels, range(60), a, b)
    yield case("two_of_each", [0, 1, 1, 0], [0, 1, 2, 3], [0.2, 0.4, 0.9, 0.6], [0.3, 0.3, 0.8, 0.1])
    yield case("perfect_against_tied", [0, 0, 0, 1, 1, 1], range(6), [0.1, 0.2, 0.3, 0.7, 0.8, 0.9],
               [0.1, 0.5, 0.3, 0.5, 0.8, 0.2])
    labels, a, _ = draw(50, 0.5, 0.7, 0.3)
    yield case("same_ranks", labels, range(50), a, a**3)
    labels, a, b = draw(80, 0.5, -0.6, 0.4)
    yield case("worse_than_chance", labels, [i // 4 for i in range(80)], a, 1 - b)


def proportions():
    random = numpy.random.default_rng(5)
    z = stats.norm.ppf(0.975)
    for successes, clusters in [
            (random.random(40) < 0.8, numpy.arange(40)),
            (numpy.repeat(random.random(20) < 0.6, 3), numpy.repeat(numpy.arange(20), 3)),
            (random.random(50) < 0.3, random.integers(0, 20, 50)),
            (numpy.ones(12, bool), numpy.arange(12) // 2),
            (numpy.zeros(9, bool), numpy.arange(9) // 3),
            (numpy.array([True]), numpy.array([0]))]:
        n, k = len(successes), int(successes.sum())
        p = k / n
        names = sorted(set(clusters.tolist()))
        squares = sum(((successes[clusters == c] - p).sum()) ** 2 for c in names)
        worth = float(len(names))
        if 0 < k < n:
            variance = len(names) / (len(names) - 1) * squares / n**2
            worth = n / max(1.0, variance / (p * (1 - p) / n))
        centre, square = p + z * z / (2 * worth), 1 + z * z / worth
        reach = z * (p * (1 - p) / worth + z * z / (4 * worth**2)) ** 0.5
        wilson = stats.binomtest(k, n).proportion_ci(method="wilson")
        yield {
            "successes": successes.tolist(), "clusters": clusters.tolist(), "wilson": [wilson.low, wilson.high],
            "clustered": [(centre - reach) / square, (centre + reach) / square]}


def mcnemar():
    for b, c in [(0, 0), (1, 0), (3, 3), (5, 2), (10, 30), (59, 6), (201, 150), (700, 800), (2000, 100)]:
        statistic = max(abs(b - c) - 1, 0) ** 2 / (b + c) if b + c else 0.0
        yield {
            "counts": [b, c], "exact_p": stats.binomtest(min(b, c), b + c).pvalue if b + c else 1.0,
            "statistic": statistic, "corrected_p": stats.chi2.sf(statistic, 1)}


def holm(p):
    """Adjusted p of each: the largest, over all not above it, of p times the number of those not below."""
    order = sorted(range(len(p)), key=lambda i: p[i])
    return [min(1.0, max((len(p) - r) * p[order[r]] for r in range(order.index(i) + 1))) for i in range(len(p))]


def clean(value):
    """JSON without NaN, numbers as Python's own."""
    if isinstance(value, dict):
        return {k: clean(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [clean(v) for v in value]
    if isinstance(value, (float, numpy.floating)):
        return None if numpy.isnan(value) else float(value)
    if isinstance(value, numpy.integer):
        return int(value)
    return value


def main():
    random = numpy.random.default_rng(3)
    seven = random.integers(0, 7, 90), random.integers(0, 7, 90)
    agree = random.random(90) < 0.6
    seven[1][agree] = seven[0][agree]
    p_values = [[0.01, 0.04, 0.03], [0.5, 0.9], [0.2], [0.001, 0.001, 0.3, 0.02, 0.6], [1.0, 1.0]]
    z = [0, 1e-9, 0.3, 1, 1.959963984540054, 2.5, 2.999999, 3, 3.1, 4, 6, 10, 20, 37, -0.3, -2, -5]
    document = {
        "made_by": f"bench/python/metric_vectors.py; numpy {numpy.__version__}, scipy {scipy.__version__}, "
                   f"scikit-learn {sklearn.__version__}",
        "cases": list(cases()),
        "proportions": list(proportions()),
        "mcnemar": list(mcnemar()),
        "holm": [{"p": p, "adjusted": holm(p)} for p in p_values],
        "normal": [{"z": x, "upper_tail": stats.norm.sf(x)} for x in z],
        "critical": [{"level": level, "z": stats.norm.ppf((1 + level) / 2)} for level in [0.5, 0.8, 0.9, 0.95, 0.99, 0.999999]],
        "seven": {"truth": seven[0].tolist(), "answer": seven[1].tolist(),
                  "matthews": metrics.matthews_corrcoef(*seven), "balanced_accuracy": metrics.balanced_accuracy_score(*seven)},
    }
    FILE.write_text(json.dumps(clean(document)).replace(', "', ',\n"').replace("}, {", "},\n{") + "\n")
    print(FILE, FILE.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
