"""Sentences of a text with their roles."""

from storycluster.text.sentences.find import Sentence, find_sentences

__all__ = ["Sentence", "find_sentences"]
