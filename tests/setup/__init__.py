"""The commands in bin/ and the supervisor, tried as programs: started, asked to stop, killed."""
