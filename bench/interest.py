"""Whether interest vectors mean something: the nearest half of a director's titles to the other half.

Usage: interest.py MATINEE DATASET [--least 4] [--set models.taste.epochs=30 ...]
DATASET is a folder of MovieLens csv files with directors.csv. The titles of every director of --least titles or more are
dealt out at random to two directors of half the titles each; a job as configs/interest_demo.json and a skip-gram model
learn from those texts. For each first half, all second halves are ranked by the cosine of their vectors: share of
directors whose own half comes first, and mean reciprocal rank. Beside it the same by bags of words (tf-idf) and by the
mean of the word vectors of a text.
"""

import argparse
import csv
import json
import os
import random
import re
import shutil
import subprocess
import tempfile

import numpy as np


def read_tensors(path):
    with open(path, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        head = json.loads(file.read(size))
        data = file.read()
    return {
        name: np.frombuffer(data[slice(*entry["data_offsets"])], np.float32).reshape(entry["shape"])
        for name, entry in head.items()
        if name != "__metadata__" and entry["dtype"] == "F32"
    }


def split_directors(folder, target, least, seed):
    """A copy of the dataset in which directors of many titles are two; returns their names."""
    shutil.copytree(folder, target)
    with open(os.path.join(folder, "directors.csv"), newline="") as file:
        head, *rows = csv.reader(file)
    titles = {}
    for place, row in enumerate(rows):
        if "|" not in row[1]:
            titles.setdefault(row[1], []).append(place)
    chosen = sorted(name for name, places in titles.items() if len(places) >= least)
    draws = random.Random(seed)
    for name in chosen:
        places = titles[name]
        draws.shuffle(places)
        for number, place in enumerate(places):
            rows[place][1] = f"{name} #{number % 2 + 1}"
    os.chmod(os.path.join(target, "directors.csv"), 0o644)
    with open(os.path.join(target, "directors.csv"), "w", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return chosen


def texts_of(folder):
    with open(os.path.join(folder, "movies.csv"), newline="") as file:
        movies = {row["movieId"]: re.sub(r"\(\d{4}\)\s*$", "", row["title"]) for row in csv.DictReader(file)}
    texts = {}
    with open(os.path.join(folder, "directors.csv"), newline="") as file:
        for movie, name in list(csv.reader(file))[1:]:
            texts.setdefault(name, []).append(movies.get(movie, ""))
    return {name: re.findall(r"\w+", " ".join(titles)) for name, titles in texts.items()}


def ranked(vectors, names):
    """Share of first halves whose own half is the nearest, and mean reciprocal rank; ties count as lost."""
    first, second = (np.array([vectors[f"{name} #{half}"] for name in names], np.float64) for half in (1, 2))
    for rows in (first, second):
        rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    scores = first @ second.T
    ranks = (scores >= np.diag(scores)[:, None]).sum(axis=1)
    return (ranks == 1).mean(), (1 / ranks).mean()


def bags(texts, names):
    halves = [f"{name} #{half}" for name in names for half in (1, 2)]
    words = {word: number for number, word in enumerate(sorted({word for half in halves for word in texts[half]}))}
    counts = np.zeros((len(halves), len(words)))
    for row, half in enumerate(halves):
        for word in texts[half]:
            counts[row, words[word]] += 1
    counts *= np.log(len(halves) / np.maximum((counts > 0).sum(axis=0), 1))
    return dict(zip(halves, counts))


def means_of_words(texts, names, path):
    with open(path) as file:
        next(file)
        vectors = {line.split(" ", 1)[0]: np.array(line.split(" ")[1:], np.float64) for line in file}
    zero = np.zeros(len(next(iter(vectors.values()))))
    result = {}
    for name in names:
        for half in (1, 2):
            known = [vectors[word] for word in texts[f"{name} #{half}"] if word in vectors]
            result[f"{name} #{half}"] = np.mean(known, axis=0) if known else zero
    return result


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("matinee")
    parser.add_argument("dataset")
    parser.add_argument("--least", type=int, default=4)
    parser.add_argument("--seeds", nargs="+", type=int, default=[1, 2, 3])
    parser.add_argument("--set", nargs="*", default=[])
    options = parser.parse_args()
    configs = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "configs")
    print("seed directors  vectors                 first  reciprocal rank")
    for seed in options.seeds:
        with tempfile.TemporaryDirectory() as folder:
            data = os.path.join(folder, "data")
            names = split_directors(options.dataset, data, options.least, seed)
            with open(os.path.join(configs, "interest_demo.json")) as file:
                job = json.load(file)
            job.pop("$schema", None)
            job["seed"] = seed
            job["dataset"]["path"] = data
            job["models"]["words"] = {"type": "skip_gram", "dimensions": 100, "epochs": 20, "learning_rate": 0.05}
            job["output"] = {"directory": os.path.join(folder, "runs")}
            path = os.path.join(folder, "job.json")
            with open(path, "w") as file:
                json.dump(job, file)
            changes = [part for change in options.set for part in ("--set", change)]
            subprocess.run([options.matinee, "train", path, *changes], check=True, capture_output=True)
            models = os.path.join(folder, "runs", "current", "models")
            with open(os.path.join(models, "taste", "directors.tsv")) as file:
                directors = [line.rstrip("\n").split("\t")[1] for line in file]
            vectors = read_tensors(os.path.join(models, "taste", "interest.safetensors"))["directors"]
            directors = directors[-len(vectors) :]
            texts = texts_of(data)
            for name, found in (
                ("interest (LSTM)", dict(zip(directors, vectors))),
                ("bags of words", bags(texts, names)),
                ("means of word vectors", means_of_words(texts, names, os.path.join(models, "words", "vectors.txt"))),
            ):
                share, rank = ranked(found, names)
                print(f"{seed:>4} {len(names):>9}  {name:<22} {share:>6.3f} {rank:>16.3f}", flush=True)


main()
