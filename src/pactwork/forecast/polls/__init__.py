"""Polls: opinion over time, with the effects of pollsters and wordings, and honest intervals."""

from pactwork.forecast.polls.opinion import QuestionOpinion, estimate_opinion
from pactwork.forecast.polls.questions import Poll, Question, collect_polls, group_polls

__all__ = ["Poll", "Question", "QuestionOpinion", "collect_polls", "estimate_opinion", "group_polls"]
