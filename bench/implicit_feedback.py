"""Factorisation of implicit feedback by SGD against implicit's: the same ratings, factors, epochs and threads, in turns.

Usage: implicit_feedback.py MATINEE RATINGS [--threads 2] [--factors 64] [--epochs 50] [--repeats 5]
MATINEE is the program; RATINGS as for item_similarity.py. Two pairs: mf with loss bpr and one negative against
BayesianPersonalizedRanking, mf with loss logistic against LogisticMatrixFactorization (which draws its negatives by
popularity), each at settings at which it ranks well. One rating per user is held out and ranked among 99 items without a rating. Times are those of training.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import tempfile
import time

import numpy as np
import scipy.sparse as sparse
from ials import hit_rate_and_ndcg, hold_out
from implicit.bpr import BayesianPersonalizedRanking
from implicit.lmf import LogisticMatrixFactorization
from item_similarity import read_ratings
from safetensors.numpy import load_file

OURS = {
    "bpr": {"learning_rate": 0.05, "regularization": 0.005, "negatives": 1},
    "logistic": {"learning_rate": 0.02, "regularization": 0.005, "negatives": 4, "negatives_from": "all"},
}
THEIRS = {
    "bpr": (BayesianPersonalizedRanking, {"learning_rate": 0.02, "regularization": 0.01}),
    "logistic": (LogisticMatrixFactorization, {"learning_rate": 1.0, "regularization": 5, "neg_prop": 30}),
}


def train_matinee(options, folder, loss, users, items):
    """Seconds of training, rows of users and of items with a column for the biases."""
    model = {"type": "mf", "loss": loss, "factors": options.factors, "epochs": options.epochs, **OURS[loss]}
    job = {
        "schema_version": 1,
        "name": "bench",
        "threads": options.threads,
        "dataset": {"format": "delimited", "path": "kept.csv", "rating_step": 1, "rating_max": 10, "columns": {"timestamp": ""}},
        "models": {"mf": model},
        "output": {"directory": "runs", "keep": 1, "recommendations": 0},
    }
    (folder / "job.json").write_text(json.dumps(job))
    subprocess.run(["rm", "-rf", folder / "runs"], check=True)
    done = subprocess.run([options.matinee, "train", folder / "job.json"], capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(done.stderr)
    run = folder / "runs" / "current"
    stages = json.loads((run / "manifest.json").read_text())["stages"]
    tensors = load_file(run / "models" / "mf" / "model.safetensors")
    rows = []
    for side, index, count in (("user", users, users.max() + 1), ("item", items, items.max() + 1)):
        ids = [int(line.split("\t")[1]) for line in (run / "ids" / f"{side}s.tsv").read_text().splitlines()]
        row = np.zeros((count, options.factors + 2), np.float32)
        row[ids, : options.factors] = tensors[f"{side}_factors"]
        row[ids, options.factors + (side == "user")] = 1 if side == "user" else tensors["item_biases"]
        row[ids, options.factors + (side == "item")] = tensors["user_biases"] if side == "user" else 1
        rows.append(row)
    return next(stage["seconds"] for stage in stages if stage["name"] == "train mf"), *rows


def train_implicit(options, loss, matrix):
    kind, settings = THEIRS[loss]
    model = kind(factors=options.factors, iterations=options.epochs, num_threads=options.threads, random_state=1, **settings)
    start = time.perf_counter()
    model.fit(matrix, show_progress=False)
    return time.perf_counter() - start, model.user_factors, model.item_factors


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("matinee")
    parser.add_argument("ratings")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--factors", type=int, default=64)
    parser.add_argument("--epochs", type=int, default=50)
    parser.add_argument("--repeats", type=int, default=5)
    options = parser.parse_args()

    users, items, levels = read_ratings(options.ratings)
    held, others = hold_out(users, items, np.random.default_rng(1))
    kept = np.setdiff1d(np.arange(len(users)), held)
    matrix = sparse.csr_matrix(
        (np.ones(len(kept), np.float32), (users[kept], items[kept])), (users.max() + 1, items.max() + 1)
    )
    print(f"{len(kept)} ratings, {options.factors} factors, {options.epochs} epochs, {options.threads} threads")
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        table = np.column_stack([users[kept], items[kept], levels[kept]])
        np.savetxt(folder / "kept.csv", table, fmt="%d", delimiter=",", header="user,item,rating", comments="")
        for loss in OURS:
            results = {"matinee": [], "implicit": []}
            for _ in range(options.repeats):
                results["matinee"].append(train_matinee(options, folder, loss, users, items))
                results["implicit"].append(train_implicit(options, loss, matrix))
            for system, values in results.items():
                quality = hit_rate_and_ndcg(*values[0][1:], users[held], items[held], others)
                seconds = statistics.median(value[0] for value in values)
                print(f"{loss:8} {system:8} {seconds:8.2f} s   HR@10 {quality[0]:.4f}, NDCG@10 {quality[1]:.4f}")
            pairs = zip(results["matinee"], results["implicit"])
            print(f"{loss:8} implicit / matinee {statistics.median(b[0] / a[0] for a, b in pairs):.2f}", flush=True)


if __name__ == "__main__":
    main()
