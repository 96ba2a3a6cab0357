from tfgan_lab import machine


def test_flags_are_read_as_linux_names_them(monkeypatch):
    text = "processor\t: 0\nflags\t\t: fpu avx512_bf16 amx_tile\nprocessor\t: 1\n"
    monkeypatch.setattr(machine.pathlib.Path, "read_text", lambda path: text)
    assert machine.processor_flags() == {"fpu", "avx512_bf16", "amx_tile"}


def test_no_flags_where_there_is_no_such_file(monkeypatch):
    def fail(path):
        raise FileNotFoundError(path)

    monkeypatch.setattr(machine.pathlib.Path, "read_text", fail)
    assert machine.processor_flags() == frozenset()
