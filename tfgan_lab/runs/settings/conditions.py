"""What settings want of each other: which have an effect beside the others, and which don't fit.

Everything follows from the declarations (``declaration.setting``) and the table of parts
(``parts.py``); nothing here knows a setting by name.
"""

import dataclasses
import functools
import typing

from tfgan_lab.runs.settings.validity import ConfigError, flag, text_of


class Is(typing.NamedTuple):
    """That a setting has one of some values.

    Attributes:
        name: of the setting.
        values: tuple; empty for any value that is not zero, empty or false.
        why: end of the sentence that asks for it, or "".
    """

    name: str
    values: tuple = ()
    why: str = ""

    def holds(self, config) -> bool:
        """Whether it is so in a configuration."""
        value = getattr(config, self.name)
        return value in self.values if self.values else bool(value)


def unused_settings(config) -> dict:
    """Names the settings that nothing would look at, whatever their value.

    Args:
        config: a ``declaration.Settings``.

    Returns:
        Dict of name to the flags with which it would have an effect.
    """
    fields = {field.name: field for field in dataclasses.fields(config)}
    unused = {}
    for name, terms in _needs(type(config)).items():
        missing = [term for term in terms if not any(each.holds(config) for each in term)]
        if missing:
            unused[name] = " and ".join(_in_words(term, fields) for term in missing)
    return unused


def check_conditions(config) -> None:
    """Refuses a setting that nothing looks at, and one that a chosen part can't be beside.

    Args:
        config: as of ``unused_settings``.

    Raises:
        ConfigError: there is one.
    """
    fields = {field.name: field for field in dataclasses.fields(config)}
    for name, condition in unused_settings(config).items():
        field, value = fields[name], getattr(config, name)
        if value != field.default:
            raise ConfigError(
                f"Expected {condition} with {flag(field)}, which would have no effect without. "
                f"Received: {name}={value!r}; {flag(field, field.default)} leaves it out"
            )
    for name, field in fields.items():
        value = getattr(config, name)
        part = field.metadata["parts"].get(value if field.metadata["choices"] else bool(value))
        for required in part.requires if part else ():
            if not required.holds(config):
                raise ConfigError(
                    f"Expected {_in_words([required], fields)} with {flag(field, value)}"
                    f"{required.why and ': '}{required.why}. "
                    f"Received: {required.name}={getattr(config, required.name)!r}"
                )


@functools.cache
def _needs(kind):
    """For each setting the terms that must all hold, each of them a tuple of alternatives."""
    fields = {field.name: field for field in dataclasses.fields(kind)}
    takers = {name: {} for name in fields}
    for owner in fields.values():
        for choice, part in owner.metadata["parts"].items():
            for name in part.settings() & fields.keys() - {owner.name}:
                takers[name].setdefault(owner.name, []).append(choice)
    needs = {}
    for name, field in fields.items():
        terms = [_alternatives(term) for term in field.metadata["needs"]]
        taking = takers[name]
        declared = {each.name for term in terms for each in term}  # What is said there counts.
        everywhere = any(_all_choices(fields[each], taking[each]) for each in taking)
        if taking and not everywhere and not declared & taking.keys():
            terms.append(tuple(Is(each, _values(fields[each], taking[each])) for each in taking))
            if len(taking) == 1:
                # Where a choice has no effect, neither has what belongs to one of its values.
                (owner,) = (fields[each] for each in taking)
                own = owner.metadata["needs"] if owner.metadata["choices"] else ()
                terms = [*map(_alternatives, own), *terms]
        needs[name] = terms
    return needs


def _alternatives(term):
    if isinstance(term, (str, Is)):
        term = (term,)
    return tuple(each if isinstance(each, Is) else Is(each) for each in term)


def _all_choices(owner, choices):
    return bool(owner.metadata["choices"]) and len(choices) == len(owner.metadata["choices"])


def _values(owner, choices):
    return tuple(choices) if owner.metadata["choices"] else ()


def _in_words(term, fields):
    alternatives = []
    for name, values, _ in term:
        field = fields[name]
        if not values or isinstance(values[0], bool):
            alternatives.append(flag(field, *values))
        elif not any(values):
            alternatives.append(f"no {flag(field)}")
        else:
            alternatives.append(f"{flag(field)}={_listed(list(map(text_of, values)))}")
    return _listed(
        alternatives, ", or " if any(" or " in each for each in alternatives) else " or "
    )


def _listed(words, last=" or "):
    return last.join(filter(None, [", ".join(words[:-1]), words[-1]]))
