"""Matrix factorisation by SGD against LIBMF and Surprise: the same ratings, factors and epochs, taking turns in one run.

Usage: factorization.py BENCH [--ratings 10000000] [--factors 32 64 128] [--epochs 10] [--threads 2] [--repeats 5]
                              [--peers libmf surprise]
BENCH is the program factorization_bench. The ratings are synthetic: users and items of a power law, a planted taste of
8 dimensions and noise; one in a hundred is kept for the test. See README.md for the environment.
"""

import argparse
import os
import statistics
import subprocess
import tempfile
import time
from collections import defaultdict

import numpy as np

USERS, ITEMS, TASTE, NOISE = 70_000, 10_000, 8, 1.0


def draw(rng, count, size):
    """Indices below `size`, index r about as often as 1 / (r + size / 50)^0.9, in random order of ids."""
    weights = 1 / (np.arange(size) + size / 50) ** 0.9
    places = np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random(count))
    return rng.permutation(size)[np.minimum(places, size - 1)]


def synthetic_ratings(count):
    """Users, items, levels 1 .. 10; each pair once."""
    rng = np.random.default_rng(1)
    pairs = np.unique(draw(rng, count * 3 // 2, USERS).astype(np.int64) * ITEMS + draw(rng, count * 3 // 2, ITEMS))
    pairs = rng.permutation(pairs)[:count]
    users, items = pairs // ITEMS, pairs % ITEMS
    p, q = rng.normal(size=(USERS, TASTE)), rng.normal(size=(ITEMS, TASTE))
    values = 6 + 0.6 * np.einsum("nk,nk->n", p[users], q[items]) + NOISE * rng.normal(size=len(pairs))
    return np.column_stack([users, items, np.clip(np.rint(values), 1, 10)]).astype(np.int32)


class Matinee:
    """A running factorization_bench."""

    def __init__(self, program, training, test, threads):
        self.process = subprocess.Popen(
            [program, training, test, str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def train(self, factors, epochs):
        """Seconds and the RMSE on the test ratings."""
        self.process.stdin.write(f"{factors} {epochs} 0.01 0.04\n")
        self.process.stdin.flush()
        return tuple(map(float, self.process.stdout.readline().split()))


class Libmf:
    """LIBMF through its Python bindings, with its default step and penalties."""

    def __init__(self, training, test, threads):
        from libmf import mf

        self.mf, self.threads = mf, threads
        self.training, self.test = training.astype(np.float32), test

    def train(self, factors, epochs):
        model = self.mf.MF(k=factors, nr_iters=epochs, nr_threads=self.threads, quiet=True)
        start = time.perf_counter()
        model.fit(self.training)
        seconds = time.perf_counter() - start
        errors = model.predict(np.asfortranarray(self.test[:, :2])) - self.test[:, 2]  # it reads columns
        return seconds, float(np.sqrt(np.mean(errors.astype(np.float64) ** 2)))


class Surprise:
    """Surprise's SVD, which has biases as Matinee's mf has, with its default step and penalties. On one thread."""

    def __init__(self, training, test, threads):
        from surprise import Trainset

        self.test = test
        rows, columns = {}, {}
        for user, item, level in training.tolist():
            rows.setdefault(user, []).append((item, float(level)))
            columns.setdefault(item, []).append((user, float(level)))
        self.known = np.isin(test[:, 0], list(rows)) & np.isin(test[:, 1], list(columns))
        users, items = max(rows) + 1, max(columns) + 1
        rows, columns = defaultdict(list, rows), defaultdict(list, columns)
        self.trainset = Trainset(rows, columns, users, items, len(training), (1, 10), {}, {})

    def train(self, factors, epochs):
        from surprise import SVD

        model = SVD(n_factors=factors, n_epochs=epochs, random_state=1)
        start = time.perf_counter()
        model.fit(self.trainset)
        seconds = time.perf_counter() - start
        users, items, levels = self.test[self.known].T
        x = self.trainset.global_mean + model.bu[users] + model.bi[items]
        x += np.einsum("nk,nk->n", model.pu[users], model.qi[items])
        return seconds, float(np.sqrt(np.mean((x - levels) ** 2)))


PEERS = {"libmf": Libmf, "surprise": Surprise}


def compare(systems, factors, epochs, repeats, ratings):
    results = {name: [] for name in systems}
    for repeat in range(repeats + 1):  # the first warms up
        for name, system in systems.items():
            # The second training leaves the preparations and a single epoch to be taken away.
            seconds, rmse = system.train(factors, epochs + 1)
            least, _ = system.train(factors, 1)
            if repeat > 0:
                results[name].append((seconds, (seconds - least) / epochs, rmse))
    for name, values in results.items():
        whole, epoch, rmse = (statistics.median(column) for column in zip(*values))
        print(f"{factors:4} {name:8} {whole:8.2f} s {epoch:8.4f} s {ratings / epoch / 1e6:8.1f} M/s   {rmse:.4f}", flush=True)
    for peer in list(systems)[1:]:
        pairs = list(zip(results["matinee"], results[peer]))
        whole, epoch = (statistics.median(theirs[n] / ours[n] for ours, theirs in pairs) for n in (0, 1))
        print(f"{factors:4} {peer} / matinee: updates/s {epoch:.2f}, whole training {whole:.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench")
    parser.add_argument("--ratings", type=int, default=10_000_000)
    parser.add_argument("--factors", type=int, nargs="+", default=[32, 64, 128])
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--peers", nargs="+", choices=PEERS, default=["libmf"])
    options = parser.parse_args()

    ratings = synthetic_ratings(options.ratings)
    test, training = ratings[: len(ratings) // 100], ratings[len(ratings) // 100 :]
    with tempfile.TemporaryDirectory() as folder:
        paths = os.path.join(folder, "training"), os.path.join(folder, "test")
        training.tofile(paths[0])
        test.tofile(paths[1])
        systems = {"matinee": Matinee(options.bench, *paths, options.threads)}
        systems |= {name: PEERS[name](training, test, options.threads) for name in options.peers}
        print(f"{len(training)} ratings, {options.epochs + 1} epochs, {options.threads} threads, {options.repeats} repeats")
        print("   k system      training     an epoch    updates   test RMSE")
        for factors in options.factors:
            compare(systems, factors, options.epochs, options.repeats, len(training))


if __name__ == "__main__":
    main()
