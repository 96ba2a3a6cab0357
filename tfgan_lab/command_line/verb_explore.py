"""The verb ``explore``: a local page on which one plays with a generator."""

from absl import flags

from tfgan_lab.command_line.arguments import only_run

USAGE = """usage: tfgan-lab explore RUN_DIR [--port=7860] [--host=127.0.0.1]

Opens a page in this machine's browser on which one plays with the released generator of a run (or
with any generator.keras): sliders along directions, samples, ways between two points, the search
for an image of yours, and everything to be saved. It needs the extra 'explore' and no network;
nobody else can reach it unless --host says so. Ctrl-C ends it."""

NEEDS_TENSORFLOW = True


def define_flags(values):
    """Defines the verb's flags."""
    flags.DEFINE_string(
        "host", "127.0.0.1", "address to listen on; 0.0.0.0 for all that reach this machine",
        flag_values=values,
    )  # fmt: skip
    flags.DEFINE_integer(
        "port", 0, "port; the first free one from 7860 on unless given", lower_bound=0,
        upper_bound=65535, flag_values=values,
    )  # fmt: skip
    flags.DEFINE_integer(
        "directions", 6, "number of sliders along directions", lower_bound=1, flag_values=values
    )
    flags.DEFINE_bool("open", True, "open the page in the browser", flag_values=values)
    flags.DEFINE_string(
        "latents", "", "distribution that the generator was trained with; what the run says "
        "unless given", flag_values=values,
    )  # fmt: skip


def run(arguments, values):
    """Serves the page until Ctrl-C."""
    import webbrowser

    from tfgan_lab.explorer import Explorer, build_page, serve
    from tfgan_lab.runs.reading.generation import generator_file, open_generator

    file = generator_file(only_run(arguments))
    explorer = Explorer(open_generator(file, values.latents), values.directions)
    page = build_page(explorer, title=file.resolve().parent.name)
    address = serve(page, host=values.host, port=values.port, block=False)
    print(f"Look at {address}  (Ctrl-C ends it)", flush=True)
    if values.open and values.host in ("127.0.0.1", "localhost"):
        webbrowser.open(address)
    page.block_thread()
