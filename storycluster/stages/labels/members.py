"""What labels and terms are made from: the kept primary members of stories. Nothing is judged here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Member:
    """One kept primary member with the language it is indexed in and its centrality, its mean score in its story."""

    id: str
    story: str
    title: str
    text: str
    language: str
    centrality: float
