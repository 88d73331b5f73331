"""Word vectors by skip-gram against gensim and fastText: the same corpus, settings and threads, taking turns in one run.

Usage: skip_gram.py BENCH [--words 10000000] [--dimensions 100 300] [--lengths 20 4] [--threads 2] [--repeats 5]
       skip_gram.py BENCH --planted [--text FILE...]
BENCH is the program skip_gram_bench. The first form counts words per second on a synthetic corpus of a Zipf law, in
sentences of each length. The second compares what is learnt: on a corpus with planted topics and analogies, and on
plain text (one paragraph a document) by the neighbours of common words. See README.md for the environment.
"""

import argparse
import os
import re
import statistics
import subprocess
import tempfile
import time

import numpy as np

WINDOW, NEGATIVES, SUBSAMPLE, RATE = 5, 5, 1e-3, 0.025
VOCABULARY = 100_000


class Corpus:
    """Documents of words, numbered by falling frequency; names are what gensim is given."""

    def __init__(self, offsets, words):
        _, dense, counts = np.unique(words, return_inverse=True, return_counts=True)
        self.order = np.argsort(-counts, kind="stable")  # of each rank, the number it had among the sorted words
        ranks = np.empty_like(self.order)
        ranks[self.order] = np.arange(len(ranks))
        self.words, self.offsets, self.vocabulary = ranks[dense].astype(np.int32), np.asarray(offsets, np.int64), len(counts)

    def write(self, path):
        with open(path, "wb") as file:
            np.array([len(self.offsets) - 1], np.int64).tofile(file)
            self.offsets.tofile(file)
            self.words.tofile(file)

    def sentences(self):
        names = [f"w{word}" for word in range(self.vocabulary)]
        words = [names[word] for word in self.words]
        return [words[begin:end] for begin, end in zip(self.offsets[:-1], self.offsets[1:])]


def zipf_corpus(words, length):
    rng = np.random.default_rng(1)
    weights = 1 / np.arange(1, VOCABULARY + 1)
    places = np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random(words))
    return Corpus(np.append(np.arange(0, words, length), words), np.minimum(places, VOCABULARY - 1))


class Matinee:
    """A running skip_gram_bench."""

    def __init__(self, program, corpus, path, threads, deterministic):
        corpus.write(path)
        self.process = subprocess.Popen(
            [program, path, str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.vocabulary, self.deterministic, self.path = corpus.vocabulary, int(deterministic), path + ".vectors"

    def train(self, dimensions, epochs, seed, vectors):
        """Seconds by the clock and on processors, and the vectors where asked for."""
        path = self.path if vectors else "-"
        job = f"{dimensions} {WINDOW} {NEGATIVES} {SUBSAMPLE} {RATE} {epochs} {self.deterministic} {seed} {path}"
        self.process.stdin.write(job + "\n")
        self.process.stdin.flush()
        seconds = tuple(float(number) for number in self.process.stdout.readline().split()[:2])
        return seconds, np.fromfile(path, np.float32).reshape(self.vocabulary, dimensions) if vectors else None


class Gensim:
    """gensim's Word2Vec on sentences in memory, or on a file of lines, which it reads without Python's lock."""

    def __init__(self, corpus, threads, path=None, batch_words=10_000):
        self.batch_words = batch_words
        self.corpus, self.sentences, self.threads, self.path = corpus, corpus.sentences(), threads, path
        if path:
            with open(path, "w") as file:
                file.writelines(" ".join(sentence) + "\n" for sentence in self.sentences)

    def train(self, dimensions, epochs, seed, vectors):
        from gensim.models import Word2Vec

        model = Word2Vec(
            vector_size=dimensions, window=WINDOW, negative=NEGATIVES, sample=SUBSAMPLE, alpha=RATE,
            min_alpha=RATE * 1e-4, sg=1, min_count=1, workers=self.threads, seed=seed,
            batch_words=self.batch_words,
        )
        model.build_vocab(self.sentences)
        source = {"corpus_file": self.path, "total_words": len(self.corpus.words)} if self.path else {
            "corpus_iterable": self.sentences, "total_examples": len(self.sentences)}
        start, start_on_processors = time.perf_counter(), time.process_time()
        model.train(**source, epochs=epochs)
        seconds = time.perf_counter() - start, time.process_time() - start_on_processors
        names = [f"w{word}" for word in range(self.corpus.vocabulary)]
        return seconds, np.array([model.wv[name] for name in names]) if vectors else None


class FastText:
    """fastText without parts of words: word2vec. It reads the file that Gensim has written; an epoch's time is the
    difference of two trainings, so that reading and its dictionary do not count."""

    def __init__(self, threads, path):
        self.threads, self.path = threads, path

    def timed(self, dimensions, epochs):
        import fasttext

        start = np.array([time.perf_counter(), time.process_time()])
        fasttext.train_unsupervised(
            self.path, model="skipgram", dim=dimensions, ws=WINDOW, neg=NEGATIVES, t=SUBSAMPLE, lr=RATE, epoch=epochs,
            minCount=1, minn=0, maxn=0, bucket=0, thread=self.threads, verbose=0,
        )
        return np.array([time.perf_counter(), time.process_time()]) - start

    def train(self, dimensions, epochs, seed, vectors):
        return self.timed(dimensions, epochs + 1) - self.timed(dimensions, 1), None


def compare_speed(options, length, folder):
    corpus = zipf_corpus(options.words, length)
    path = os.path.join(folder, "corpus")
    systems = {
        "lock-free": Matinee(options.bench, corpus, path, options.threads, False),
        "determin.": Matinee(options.bench, corpus, path, options.threads, True),
        "gensim": Gensim(corpus, options.threads),
        "gensim file": Gensim(corpus, options.threads, path + ".txt"),
    }
    if not options.without_fasttext:
        systems["fastText"] = FastText(options.threads, path + ".txt")
    for dimensions in options.dimensions:
        seconds = {name: [] for name in systems}
        for repeat in range(options.repeats):
            for name, system in systems.items():
                seconds[name].append(system.train(dimensions, 1, 1, False)[0])
        for name, values in seconds.items():
            clock, processors = (
                statistics.median(g[kind] / own[kind] for g, own in zip(seconds["gensim"], values)) for kind in (0, 1)
            )
            rate, on_processors = (options.words / statistics.median(v[kind] for v in values) / 1e6 for kind in (0, 1))
            print(f"{length:6} {dimensions:10} {name:12} {rate:8.3f} M words/s {clock:8.2f} x gensim; "
                  f"{on_processors:8.3f} M words a second of a processor {processors:8.2f} x gensim", flush=True)


# What is learnt -----------------------------------------------------------------------------------------------------

STEMS, FORMS, TOPICS, TOPIC_WORDS, COMMON = 40, 4, 40, 50, 200


def planted_corpus(sentences=8_000, length=12):
    """Half the sentences are on a topic: words of its 50, and common words. The other half are around words that have a
    stem and a form, (stem, form) beside words of the stem and words of the form. Returns the corpus and, of each number
    that a word had, its kind: topic, or stem and form."""
    rng = np.random.default_rng(7)
    common = lambda size: rng.zipf(1.3, size) % COMMON
    first_topic, first_pair = COMMON, COMMON + TOPICS * TOPIC_WORDS
    first_stem_word = first_pair + STEMS * FORMS
    first_form_word = first_stem_word + STEMS * 10
    documents = []
    for sentence in range(sentences):
        words = common(length)
        if sentence % 2 == 0:
            own = rng.random(length) < 0.3
            topic_words = np.minimum(rng.zipf(1.2, length), 10**6) % TOPIC_WORDS
            words[own] = first_topic + rng.integers(TOPICS) * TOPIC_WORDS + topic_words[own]
        else:
            stem, form = rng.integers(STEMS), rng.integers(FORMS)
            kinds = rng.random(length)
            words[kinds < 0.15] = first_pair + stem * FORMS + form
            of_stem = (kinds >= 0.15) & (kinds < 0.35)
            words[of_stem] = first_stem_word + stem * 10 + rng.integers(10, size=of_stem.sum())
            of_form = (kinds >= 0.35) & (kinds < 0.55)
            words[of_form] = first_form_word + form * 10 + rng.integers(10, size=of_form.sum())
        documents.append(words)
    numbers = np.concatenate(documents)
    corpus = Corpus(np.arange(0, len(numbers) + 1, length), numbers)
    present = np.unique(numbers)[corpus.order]
    topics = np.where((present >= first_topic) & (present < first_pair), (present - first_topic) // TOPIC_WORDS, -1)
    pairs = np.where((present >= first_pair) & (present < first_stem_word), present - first_pair, -1)
    return corpus, topics, pairs


def unit(vectors):
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)


def topic_accuracy(vectors, topics):
    """How many of the 10 nearest words are of the same topic, on average over the words of topics."""
    own = np.flatnonzero(topics >= 0)
    scores = unit(vectors)[own] @ unit(vectors).T
    scores[np.arange(len(own)), own] = -2
    nearest = np.argpartition(-scores, 10, axis=1)[:, :10]
    return float(np.mean(topics[nearest] == topics[own][:, None]))


def analogy_accuracy(vectors, pairs):
    """(stem, form) - (stem, other) + (stem 2, other) = (stem 2, form): how often the nearest word is right."""
    place = {pair: word for word, pair in enumerate(pairs) if pair >= 0}
    units = unit(vectors)
    right = total = 0
    for stem in range(STEMS):
        for second in range(stem + 1, min(stem + 6, STEMS)):
            for form in range(FORMS):
                for other in range(FORMS):
                    numbers = [stem * FORMS + form, stem * FORMS + other, second * FORMS + other, second * FORMS + form]
                    if form == other or any(number not in place for number in numbers):
                        continue
                    a, b, c, d = (place[number] for number in numbers)
                    scores = units @ (units[a] - units[b] + units[c])
                    scores[[a, b, c]] = -9
                    right += int(np.argmax(scores)) == d
                    total += 1
    return right / total


def compare_planted(options, folder):
    corpus, topics, pairs = planted_corpus()
    path = os.path.join(folder, "planted")
    systems = {
        "lock-free": Matinee(options.bench, corpus, path, options.threads, False),
        "determin.": Matinee(options.bench, corpus, path, options.threads, True),
        "gensim": Gensim(corpus, options.threads),
        "gensim, small batches": Gensim(corpus, options.threads, batch_words=500),
    }
    print(f"planted: {len(corpus.words)} words, vocabulary {corpus.vocabulary}; topics: same topic in the nearest 10")
    for epochs in options.epochs:
        for name, system in systems.items():
            found = [system.train(50, epochs, seed, True)[1] for seed in range(1, 4)]
            topic = statistics.mean(topic_accuracy(vectors, topics) for vectors in found)
            analogy = statistics.mean(analogy_accuracy(vectors, pairs) for vectors in found)
            print(f"{epochs:3} epochs {name:10} topics {topic:.4f} analogies {analogy:.4f}", flush=True)


def text_corpus(paths, least=5):
    documents = []
    for path in paths:
        with open(path, encoding="utf-8", errors="replace") as file:
            for paragraph in re.split(r"\n\s*\n", file.read()):
                documents.append(re.findall(r"[a-z]+(?:'[a-z]+)?", paragraph.lower()))
    counts = {}
    for document in documents:
        for word in document:
            counts[word] = counts.get(word, 0) + 1
    kept = sorted(word for word, count in counts.items() if count >= least)
    numbers = {word: number for number, word in enumerate(kept)}
    documents = [[numbers[word] for word in document if word in numbers] for document in documents]
    documents = [document for document in documents if document]
    offsets = np.cumsum([0] + [len(document) for document in documents])
    corpus = Corpus(offsets, np.concatenate(documents))
    return corpus, [kept[number] for number in corpus.order]


def neighbours(vectors, words, count=10):
    scores = unit(vectors)[words] @ unit(vectors).T
    scores[np.arange(len(words)), words] = -2
    return [set(row) for row in np.argsort(-scores, axis=1)[:, :count]]


def overlap(left, right):
    return statistics.mean(len(a & b) for a, b in zip(left, right))


def compare_text(options, folder):
    corpus, names = text_corpus(options.text)
    path = os.path.join(folder, "text")
    common = np.array([word for word in range(corpus.vocabulary) if len(names[word]) > 3][40:200:8])  # 20 words
    print(f"text: {len(corpus.words)} words, vocabulary {corpus.vocabulary}; neighbours of", *(names[w] for w in common))
    systems = {
        "gensim": Gensim(corpus, options.threads),
        "lock-free": Matinee(options.bench, corpus, path, options.threads, False),
        "determin.": Matinee(options.bench, corpus, path, options.threads, True),
    }
    found = {
        name: [neighbours(system.train(100, 5, seed, True)[1], common) for seed in (1, 2, 3)]
        for name, system in systems.items()
    }
    for name, lists in found.items():
        others = [overlap(a, b) for i, a in enumerate(lists) for j, b in enumerate(found["gensim"]) if name != "gensim" or i < j]
        own = [overlap(a, b) for i, a in enumerate(lists) for b in lists[i + 1 :]]
        print(f"{name:10} of gensim's top 10: {statistics.mean(others):.2f}; two seeds of its own: {statistics.mean(own):.2f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bench")
    parser.add_argument("--words", type=int, default=10_000_000)
    parser.add_argument("--dimensions", type=int, nargs="+", default=[100, 300])
    parser.add_argument("--lengths", type=int, nargs="+", default=[20, 4])
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--without-fasttext", action="store_true")
    parser.add_argument("--planted", action="store_true")
    parser.add_argument("--epochs", type=int, nargs="+", default=[2, 5])
    parser.add_argument("--text", nargs="+")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if options.planted:
            compare_planted(options, folder)
        if options.text:
            compare_text(options, folder)
        if not options.planted and not options.text:
            print("length dimensions system        median           in turns")
            for length in options.lengths:
                compare_speed(options, length, folder)


if __name__ == "__main__":
    main()
