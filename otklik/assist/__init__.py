"""What is told without a person: automatic answers from live data and articles, notices before anybody asks.

Nouns: intent (what is asked), example (a sentence that shows it), lesson (the classifier taught anew),
automatic answer, its outcome and review, notice. Writes ``answer.told``, ``answer.settled``,
``answer.reviewed``, ``answers.switched``, ``intent.set``, ``intents.taught``, ``example.added``,
``example.moved``, ``example.switched``, ``notice.made``, ``notice.set``, ``notice.stopped``.
"""
