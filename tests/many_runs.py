#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A store of many runs, to see what grows with it.

    tests/many_runs.py <a run's folder> <store> <runs>

Each is a copy of the given run without most of its predictions and weights, of
another seed and learning rate, five of an experiment, rightly named and sealed.
"""
import hashlib, os, re, sys

run, store, n = sys.argv[1], sys.argv[2], int(sys.argv[3])
read = lambda name: open(os.path.join(run, name), "rb").read()
text = read("experiment.tsv").decode()
predictions = b"".join(read("predictions.tsv").splitlines(True)[:11])
os.makedirs(store, exist_ok=True)
for i in range(n):
    rate = "%.9g" % (0.001 + 1e-6 * (i // 5))
    own = re.sub(r"learning_rate\t.*", "learning_rate\t" + rate, text)
    own = re.sub(r"\nseed\t.*", "\nseed\t%d" % (i % 5 + 1), own).encode()
    score = re.sub(rb"finished\t.*", b"finished\t%d" % (1700000000 + i),
                   read("score.tsv"))
    files = {"experiment.tsv": own, "history.tsv": read("history.tsv"),
             "model.safetensors": b"", "predictions.tsv": predictions,
             "score.tsv": score}
    seal = b"file\tbytes\tsha256\n"
    for name in sorted(files):
        seal += b"%s\t%d\t%s\n" % (name.encode(), len(files[name]),
            hashlib.sha256(files[name]).hexdigest().encode())
    seal += b"seal.tsv\t%d\t%s\n" % (len(seal),
        hashlib.sha256(seal).hexdigest().encode())
    folder = os.path.join(store, hashlib.sha256(own).hexdigest())
    os.makedirs(folder, exist_ok=True)
    for name, content in list(files.items()) + [("seal.tsv", seal)]:
        with open(os.path.join(folder, name), "wb") as f:
            f.write(content)
