"""Item similarity against implicit's CosineRecommender: the same ratings, neighbours and threads, taking turns in one run.

Usage: item_similarity.py BENCH RATINGS [--threads 2] [--neighbours 100] [--repeats 7]
BENCH is the program item_similarity_bench; RATINGS a csv file whose first columns are user, item and rating, with a
header, or MovieLens-1M's ratings.dat. See README.md for the environment.
"""

import argparse
import statistics
import subprocess
import tempfile
import time

import numpy as np
import scipy.sparse as sparse
from implicit.nearest_neighbours import CosineRecommender

KINDS = ["cosine", "pearson", "adjusted_cosine", "binary_cosine", "jaccard"]


def read_ratings(path):
    """Dense user and item indices and levels (ratings doubled where half stars occur)."""
    lines = open(path, encoding="latin-1").read().replace("::", ",").splitlines()
    if not lines[0][0].isdigit():
        lines = lines[1:]
    table = np.array([line.split(",")[:3] for line in lines], dtype=float)
    users = np.unique(table[:, 0], return_inverse=True)[1]
    items = np.unique(table[:, 1], return_inverse=True)[1]
    levels = table[:, 2] if np.all(table[:, 2] % 1 == 0) else table[:, 2] * 2
    return users, items, levels.astype(int)


class Matinee:
    """A running item_similarity_bench: a kind goes in, the seconds of one search come out."""

    def __init__(self, program, ratings, threads, neighbours):
        self.process = subprocess.Popen(
            [program, ratings, str(threads), str(neighbours)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def seconds(self, kind):
        self.process.stdin.write(kind + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())


def implicit_seconds(matrix, threads, neighbours):
    # implicit counts an item among its own neighbours: one more gives as many others.
    model = CosineRecommender(K=neighbours + 1, num_threads=threads)
    start = time.perf_counter()
    model.fit(matrix, show_progress=False)
    return time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench")
    parser.add_argument("ratings")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--neighbours", type=int, default=100)
    parser.add_argument("--repeats", type=int, default=7)
    options = parser.parse_args()

    users, items, levels = read_ratings(options.ratings)
    matrix = sparse.csr_matrix((levels.astype(np.float64), (users, items)))
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as file:
        np.savetxt(file, np.column_stack([users, items, levels]), fmt="%d")
        file.flush()
        matinee = Matinee(options.bench, file.name, options.threads, options.neighbours)
        times = {name: [] for name in ["implicit", *KINDS]}
        for repeat in range(options.repeats + 1):  # the first warms up
            for name in times:
                if name == "implicit":
                    seconds = implicit_seconds(matrix, options.threads, options.neighbours)
                else:
                    seconds = matinee.seconds(name)
                if repeat > 0:
                    times[name].append(seconds)

    median = {name: statistics.median(values) for name, values in times.items()}
    print(f"{len(levels)} ratings, {options.neighbours} neighbours, {options.threads} threads, {options.repeats} repeats")
    for name, values in times.items():
        print(f"{name:16} median {median[name]:.3f} s, least {min(values):.3f} s")
    print(f"implicit / cosine        {median['implicit'] / median['cosine']:.2f}")
    for name in KINDS[1:]:
        print(f"{name} / cosine".ljust(25) + f"{median[name] / median['cosine']:.2f}")


if __name__ == "__main__":
    main()
