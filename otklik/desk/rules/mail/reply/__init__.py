"""What a person wrote now, apart from what they quoted and how they signed."""

from otklik.desk.rules.mail.reply.split import ReplySplit, split_reply

__all__ = ["ReplySplit", "split_reply"]
