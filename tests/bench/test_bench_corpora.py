"""The corpora and queries of the benchmark."""

import json
import math

import corpus
import generate
import queries


def vocabulary(articles):
    return {word for article in articles for word in generate.WORD.findall(" ".join(article))}


def tokens(articles):
    return sum(len(generate.WORD.findall(" ".join(article))) for article in articles)


def test_the_same_seed_gives_the_same_corpus():
    base = generate.base_corpus()[:50]
    assert list(generate.documents(200, base)) == list(generate.documents(200, base))
    assert list(generate.documents(200, base)) != list(generate.documents(200, base, seed=8))


def test_the_first_round_is_the_base_itself():
    base = generate.base_corpus()[:50]
    assert list(generate.documents(70, base))[:50] == base


def test_the_vocabulary_grows_as_in_text():
    base = generate.base_corpus()[:400]
    half, whole = base[:200], base
    beta = math.log(len(vocabulary(whole)) / len(vocabulary(half))) / math.log(2)
    grown = list(generate.documents(4_000, base))
    growth = len(vocabulary(grown)) / len(vocabulary(base))
    expected = (tokens(grown) / tokens(base)) ** beta
    assert 0.7 < growth / expected < 1.4


def test_documents_are_laid_out_and_read_back(tmp_path):
    articles = [("عنوان", "سطر\nسطر"), ("", "a\tb\r\nc"), ("x", "")]
    size = corpus.lay_out(articles, tmp_path / "documents.tsv")
    assert size == sum(len((title + body).encode()) for title, body in articles)
    read = list(corpus.read(tmp_path / "documents.tsv"))
    assert read == [(0, "عنوان", "سطر\nسطر"), (1, "", "a b\nc"), (2, "x", "")]


def test_articles_are_read_gzipped_or_not(tmp_path):
    for name in ("a.jsonl", "a.jsonl.gz"):
        with corpus.opened(tmp_path / name, "wt") as out:
            out.write(json.dumps({"id": "1", "title": "كتاب", "body": None}) + "\n")
        assert list(corpus.articles(tmp_path / name)) == [("كتاب", "")]


def test_queries_have_two_to_eight_words_and_no_syntax(tmp_path):
    titles = ["كلمة", 'قال: "نعم" (لا)', "a " * 9, "this or that", "مدرّسةٌ جديدة"]
    assert sorted(queries.from_titles(titles, 10)) == sorted(["قال نعم لا", "مدرّسةٌ جديدة"])
    file = tmp_path / "queries.tsv"
    file.write_text("q1\t- من هو؟\nq2\tمتى\n", "utf-8")
    assert queries.from_questions(file, 10) == ["من هو"]
    assert queries.from_questions(tmp_path / "none.tsv", 10) == []


def test_phrases_are_neighbours():
    pairs = queries.phrases(["واحد اثنان، ثلاثة", "x"], 10)
    assert pairs in ([("واحد", "اثنان")], [("اثنان", "ثلاثة")])
