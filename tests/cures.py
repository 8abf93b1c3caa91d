"""The cures in the sources: what stands in the brackets of an error's line.

The sources are read as a list of words, far enough to follow each cure to the
literals that it is made of. A cure that cannot be followed is an error, so that
a new way to write one is taught here, and no cure goes unnoticed.
"""

import ast
import functools
import re

import harness

NOT_RIND = {"build", "tests"}
WORD = re.compile(r"""//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'
                  |[A-Za-z_]\w*|\d\w*|->|[^\s]""", re.DOTALL | re.VERBOSE)
# The two that make an error, and where their cure is.
MAKERS = {"error_set": 4, "error_errno": 3}
OPEN, CLOSE = "([{", ")]}"
VALUE = "%s"  # stands for what is known only when it runs


# A report, and no error.
NO_CURES = {"start: %s: done (placed here: %s)"}
IN_BRACKETS = re.compile(r"[^(]* \((.*)\)")


class Unread(Exception):
    """A cure that is written in a way that is not known here."""


def words_of(text):
    return [word for word in WORD.findall(text)
            if not word.startswith(("//", "/*"))]


def group(words, at):
    """What is between the bracket at AT and its partner, split at its commas."""
    parts, depth = [[]], 0
    for word in words[at:]:
        depth += (word in OPEN) - (word in CLOSE)
        if depth == 0:
            break
        if word == "," and depth == 1:
            parts.append([])
        elif parts != [[]] or depth > 1 or word not in OPEN:
            parts[-1].append(word)
    return parts


def literal(words):
    return "".join(ast.literal_eval(word) for word in words)


def is_literal(words):
    return words and all(word.startswith('"') for word in words)


def bracketed(words):
    """The cures that stand in the literals of WORDS themselves: behind the
    reason why a value is refused. Not those of a line of --help."""
    at = 0
    while at < len(words):
        end = at
        while end < len(words) and words[end].startswith('"'):
            end += 1
        text = literal(words[at:end])
        found = IN_BRACKETS.fullmatch(text)
        if (found and text not in NO_CURES and
                words[at - 3:at] != [".", "help", "="]):
            yield found[1]
        at = max(end, at + 1)


class Function:
    def __init__(self, file, name, parameters, body, static):
        self.file, self.name, self.body = file, name, body
        self.scope = file if static else None
        self.parameters = [words[-1] for words in parameters if words]


def functions_of(file, words):
    """The functions that FILE defines."""
    depth = 0
    for at, word in enumerate(words):
        if word == "{" and depth == 0 and words[at - 1] == ")":
            begin = end = at - 1
            level = 1
            while level:
                begin -= 1
                level += (words[begin] in CLOSE) - (words[begin] in OPEN)
            body = sum((part + [","] for part in group(words, end + 1)), [])
            type_of = words[max(0, begin - 8):begin - 1]
            for mark in ";", "}":
                if mark in type_of:
                    type_of = type_of[len(type_of) - type_of[::-1].index(mark):]
            yield Function(file, words[begin - 1], group(words, begin), body,
                           "static" in type_of)
        depth += (word == "{") - (word == "}")


def calls_in(body, names):
    """The calls of NAMES, each as the name and its arguments."""
    for at, word in enumerate(body[:-1]):
        if word in names and body[at + 1] == "(":
            yield word, group(body, at + 1)


class Sources:
    def __init__(self):
        self.functions, self.tables = [], {}
        paths = [path for top in harness.ROOT.iterdir()
                 if top.name not in NOT_RIND and top.name[0] != "."
                 for path in (top.rglob("*.[ch]") if top.is_dir() else [top])
                 if path.suffix in (".c", ".h")]
        for path in sorted(paths):
            file = str(path.relative_to(harness.ROOT))
            words = words_of(path.read_text())
            self.functions += functions_of(file, words)
            self.tables[file] = words
        self.found = set()
        self.in_brackets = {(file, cure)
                            for file, words in self.tables.items()
                            for cure in bracketed(words)}
        # By the file that alone can call it, or None, and its name.
        self.makers = {(None, name): at for name, at in MAKERS.items()}
        self._read()

    def _read(self):
        """A function that hands a cure of its caller on is a maker as well."""
        seen = 0
        while seen != len(self.makers):
            seen = len(self.makers)
            self.found = set()
            for function in self.functions:
                if function.name in MAKERS:
                    continue
                for _, arguments in calls_in(function.body, ["text_in"]):
                    if arguments[0][-2:] in (["->", "line"], [".", "line"]):
                        raise Unread(f"{function.file}: {function.name}()")
                makers = {name: at for (scope, name), at in self.makers.items()
                          if scope in (None, function.file)}
                for name, arguments in calls_in(function.body, makers):
                    for text in self.texts(function, arguments[makers[name]]):
                        self.found.add((function.file, text))

    def texts(self, function, words):
        """The texts that the expression WORDS can be."""
        if words == ["NULL"]:
            return []
        if is_literal(words):
            return [literal(words)]
        if "?" in words:
            return self._branches(function, words)
        if len(words) == 1 and words[0] in function.parameters:
            self._hand_on(function, words[0])
            return []
        if len(words) == 1 and re.fullmatch(r"[a-z]\w*", words[0]):
            return self._variable(function, words[0])
        if words[0] == "arena_printf":
            return [literal(group(words, 1)[0])]
        if words[0] == "find_cure":
            return self._column(function)
        raise Unread(f"{function.file}: {function.name}(): {' '.join(words)}")

    def _branches(self, function, words):
        at = words.index("?")
        colon = len(words) - 1 - words[::-1].index(":")
        return (self.texts(function, words[at + 1:colon]) +
                self.texts(function, words[colon + 1:]))

    def _hand_on(self, function, name):
        place = function.parameters.index(name)
        key = function.scope, function.name
        if self.makers.setdefault(key, place) != place:
            raise Unread(f"{function.file}: two cures of {function.name}()")

    def _variable(self, function, name):
        """What is assigned to a variable, or added to a text in it."""
        found, body, known = [], function.body, False
        for at, word in enumerate(body):
            if word == name and body[at + 1] == "=":
                end = body.index(";", at)
                found += self.texts(function, body[at + 2:end])
                known = True
            if body[at:at + 3] == ["text_in", "(", name]:
                found += self._text(function, body[at - 2], body[at:])
                known = True
        if not known:
            raise Unread(f"{function.file}: {function.name}(): {name}")
        return found

    def _text(self, function, name, body):
        """What is added to the text NAME: text_add() and text_addf()."""
        pieces = [""]
        for _, (text, *added) in calls_in(body, ["text_add", "text_addf"]):
            if text != ["&", name]:
                continue
            if is_literal(added[0]):
                ends = [literal(added[0])]
            elif added[0][0] in function.parameters:
                ends = self._handed(function, added[0][0])
            else:
                ends = [VALUE]
            pieces = [piece + end for piece in pieces for end in ends]
        return pieces

    def _handed(self, function, parameter):
        """What the callers, all in that file, give for PARAMETER."""
        place = function.parameters.index(parameter)
        return [text for caller in self.functions
                if caller.file == function.file
                for _, arguments in calls_in(caller.body, [function.name])
                for text in self.texts(caller, arguments[place])]

    def _column(self, function):
        """find_cure() takes the last column of the table NAME_cures."""
        words = self.tables[function.file]
        at = next(at for at, word in enumerate(words)
                  if word.endswith("_cures") and words[at + 1] == "[")
        found = []
        for row in group(words, words.index("{", at)):
            if row:
                found += self.texts(function, group(row, 0)[-1])
        return found


@functools.cache
def cures():
    """Each cure as the file that it is in and its text, with "%s" and the like
    for what is known only when it runs."""
    sources = Sources()
    return sources.found | sources.in_brackets
