LATE = "raised during cancellation"


class Error(Exception):
    """An error that knows in which task and when it was raised."""

    count = 0

    def __init__(self, message=""):
        super().__init__(message)
        Error.count += 1
        self.number, self.at, self.task = Error.count, now(), Task.current.place.path

    @property
    def kind(self):
        return type(self).__name__


class Group(ExceptionGroup):
    """The errors that left a scope."""

    def __new__(cls, errors, scope, roles):
        self = super().__new__(cls, scope.name, errors)
        self.scope, self.roles = scope, roles
        return self

    def __init__(self, *_):
        pass

    def derive(self, errors):
        return Group(errors, self.scope, self.roles)
