"""The `otklik` command: a table of subcommands, loaded when called, and the supervisor."""
