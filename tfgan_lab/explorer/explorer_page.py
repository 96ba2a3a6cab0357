"""The page of an explorer, by Gradio: sliders, samples, ways between points, a search."""

import functools
import os
import typing

import numpy as np

from tfgan_lab.explorer.explorer import Explorer
from tfgan_lab.explorer.shown import shown_image, shown_images

EXTENT = 4.0  # of the sliders along directions, in lengths of a direction
NUM_SAMPLES = 24
NUM_BETWEEN = 8
CSS = """
img.shown { image-rendering: pixelated; width: 100%; max-width: 32rem; border-radius: 6px; }
#samples img.shown, #way img.shown { max-width: 100%; }
p.links a { margin-right: 1rem; text-decoration: underline; white-space: nowrap; }
"""


def build_page(explorer: Explorer, title="generator"):
    """Lays out the page.

    Args:
        explorer: ``Explorer``.
        title: str.

    Returns:
        ``gradio.Blocks``, to be served by ``serve``.

    Raises:
        ImportError: Gradio is not installed; the message says how to.
    """
    gr = _gradio()
    with gr.Blocks(title=f"{title} · tfgan_lab", analytics_enabled=False) as page:
        gr.Markdown(f"# {title}")
        controls = _lay_out(gr, explorer)
        show = functools.partial(_show, explorer)
        for control in controls.changing:
            _follow(gr, control, show, controls.point, controls.image)
        _add_draws(gr, explorer, controls, show)
        page.load(show, controls.point, controls.image)
        with gr.Tab("Samples"):
            _add_samples(gr, explorer, controls)
        with gr.Tab("Between"):
            _add_between(gr, explorer, controls)
        with gr.Tab("Your image"):
            _add_search(gr, explorer, controls, show)
    return page


def serve(page, *, host="127.0.0.1", port=0, block=True):
    """Serves a page; nothing is sent anywhere else.

    Args:
        page: what ``build_page`` returned.
        host: address to listen on; the machine's own, which nobody else reaches, unless given.
        port: int, or 0 for the first free one from 7860 on.
        block: bool, whether to serve until Ctrl-C.

    Returns:
        The address of the page.

    Raises:
        OSError: the port is taken.
    """
    gr = _gradio()
    # Its own themes ask for fonts from elsewhere.
    theme = gr.themes.Default(
        font=["system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
    )
    _, address, _ = page.launch(
        server_name=host,
        server_port=port or None,
        share=False,
        inbrowser=False,
        quiet=True,
        prevent_thread_lock=True,
        show_error=True,
        footer_links=[],
        max_file_size="50mb",
        ssr_mode=False,
        theme=theme,
        css=CSS,
    )
    if block:
        page.block_thread()
    return address


def _gradio():
    # Before the import, which is when Gradio reads them.
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    try:
        import gradio
    except ImportError as error:
        raise ImportError(
            "Expected Gradio, which shows the page. Received: none; install it with "
            "pip install 'tfgan_lab[explore]'"
        ) from error
    return gradio


class _Controls(typing.NamedTuple):
    """The components that several parts of the page use."""

    base: object  # State: latents before truncation and directions
    image: object  # HTML: what the controls say
    kept: list  # States: latents of A and B, None before they are kept
    keep: list  # Buttons
    kept_images: list  # HTML
    seed: object
    another: object
    truncation: object
    label: object  # a State of None without classes
    sliders: list
    level: object

    @property
    def point(self):
        """What decides on the image, as inputs of a function."""
        return [self.base, self.truncation, self.label, *self.sliders]

    @property
    def changing(self):
        """What a person moves and the image follows at once."""
        return [
            control
            for control in (self.truncation, self.label, *self.sliders)
            if hasattr(control, "input")  # A state has no such event.
        ]


def _lay_out(gr, explorer):
    """The upper half of the page: the image, and beside it what changes it."""
    base, *kept = gr.State(explorer.draw(0)), gr.State(None), gr.State(None)
    keep, kept_images = [], []
    with gr.Row():
        with gr.Column():
            image = gr.HTML(elem_id="image")
            with gr.Row():
                for name in "AB":
                    with gr.Column(min_width=120):
                        keep.append(gr.Button(f"Keep as {name}"))
                        kept_images.append(gr.HTML(elem_id=f"kept-{name}"))
        with gr.Column():
            with gr.Row():
                seed = gr.Number(0, label="Draw number", precision=0, minimum=0)
                another = gr.Button("Another draw", variant="primary")
            truncation = gr.Slider(
                0, 1.5, 1, step=0.05, label="Truncation: below 1 for more usual images"
            )
            label = _label_choice(gr, explorer)
            sliders = [
                gr.Slider(-EXTENT, EXTENT, 0, step=0.05, label=f"Direction {index + 1}")
                for index in range(len(explorer.vectors))
            ]
            level = gr.Button("All directions back to 0")
    return _Controls(
        base, image, kept, keep, kept_images, seed, another, truncation, label, sliders, level
    )


def _label_choice(gr, explorer):
    if not explorer.generator.conditional:
        return gr.State(None)
    if explorer.generator.class_names:
        names = [(name, index) for index, name in enumerate(explorer.generator.class_names)]
        return gr.Dropdown(names, value=0, label="Class")
    return gr.Number(0, label="Class", precision=0, minimum=0)


def _follow(gr, control, function, inputs, output):
    """Has an output follow a control while a person moves it, always to its last value."""
    control.input(
        _told(gr, function), inputs, output, show_progress="hidden", trigger_mode="always_last"
    )


def _add_draws(gr, explorer, controls, show):
    """Buttons and numbers that set the base, or the sliders back."""
    zeros = [0.0] * len(controls.sliders)

    def draw(number):
        return explorer.draw(number or 0), *zeros

    controls.another.click(lambda number: int(number or 0) + 1, controls.seed, controls.seed)
    controls.seed.change(_told(gr, draw), controls.seed, [controls.base, *controls.sliders]).then(
        _told(gr, show), controls.point, controls.image
    )
    controls.level.click(lambda: zeros, None, controls.sliders).then(
        _told(gr, show), controls.point, controls.image
    )


def _add_samples(gr, explorer, controls):
    more = gr.Button(f"{NUM_SAMPLES} draws from the draw number on")
    shown = gr.HTML(elem_id="samples")
    inputs = [controls.seed, controls.truncation, controls.label]
    more.click(_told(gr, functools.partial(_samples, explorer)), inputs, shown)


def _add_between(gr, explorer, controls):
    gr.Markdown("Keep two points as A and B above, then move from one to the other.")
    place = gr.Slider(0, 1, 0.5, step=0.01, label="From A to B")
    middle, way = gr.HTML(elem_id="middle"), gr.HTML(elem_id="way")
    at_place = functools.partial(_between, explorer)
    inputs = [*controls.kept, place, controls.label]
    _follow(gr, place, at_place, inputs, middle)
    for name, button, kept, shown in zip(
        "AB", controls.keep, controls.kept, controls.kept_images, strict=True
    ):
        keep = functools.partial(_keep, explorer, name)
        button.click(_told(gr, keep), controls.point, [kept, shown]).then(
            _told(gr, at_place), inputs, middle
        ).then(_told(gr, functools.partial(_way, explorer)), [*controls.kept, controls.label], way)


def _add_search(gr, explorer, controls, show):
    upload = gr.File(label="An image to search for", file_count="single")
    shown, found = gr.HTML(elem_id="found", min_height=100), gr.State(None)
    continue_from = gr.Button("Continue from there")

    def search(path, label, progress=gr.Progress()):  # noqa: B008, Gradio looks for it here
        return _search(explorer, path, label, progress)

    def start_there(latents, current):
        start = current if latents is None else latents
        return start, 1.0, *[0.0] * len(controls.sliders)

    upload.upload(_told(gr, search), [upload, controls.label], [shown, found])
    continue_from.click(
        start_there, [found, controls.base], [controls.base, controls.truncation, *controls.sliders]
    ).then(_told(gr, show), controls.point, controls.image)


def _told(gr, function):
    """Has what was wrong said in a sentence."""

    @functools.wraps(function)
    def told(*arguments):
        try:
            return function(*arguments)
        except (ValueError, OSError) as error:
            raise gr.Error(str(error), print_exception=False) from error

    return told


def _at(explorer, base, truncation, label, positions):
    """Latents of what the controls say, and the label."""
    return explorer.moved(explorer.truncated(base, truncation), positions), explorer.label(label)


def _show(explorer, base, truncation, label, *positions):
    latents, label = _at(explorer, base, truncation, label, positions)
    return shown_image(explorer.image(latents, label), latents[np.newaxis], "image")


def _samples(explorer, seed, truncation, label):
    # The numbers that one may enter above: the first of these is the one that is shown.
    numbers = range(int(seed or 0), int(seed or 0) + NUM_SAMPLES)
    draws = np.stack([explorer.draw(number) for number in numbers])
    latents = explorer.truncated(draws, truncation)
    images = explorer.images(latents, explorer.label(label))
    return shown_images(images, latents, f"draws {numbers[0]} to {numbers[-1]}", columns=8)


def _keep(explorer, name, *point):
    base, truncation, label, *positions = point
    latents, label = _at(explorer, base, truncation, label, positions)
    return latents, shown_image(explorer.image(latents, label), latents[np.newaxis], name)


def _between(explorer, start, end, place, label):
    if start is None or end is None:
        return ""
    latents = explorer.between(start, end, place)
    image = explorer.image(latents, explorer.label(label))
    return shown_image(image, latents[np.newaxis], "between")


def _way(explorer, start, end, label):
    if start is None or end is None:
        return ""
    latents, images = explorer.way(start, end, NUM_BETWEEN, explorer.label(label))
    return shown_images(images, latents, "way", columns=NUM_BETWEEN)


def _search(explorer, path, label, progress):
    progress(0, desc="Comparing with draws")
    found = explorer.search(
        path,
        explorer.label(label),
        lambda done, steps: progress((done, steps), desc="Searching", unit="steps"),
    )
    images = np.stack([found.targets[0], found.images[0]])
    text = (
        "<p>Left your image, right what the generator makes: mean squared error "
        f"{found.errors[0]:.4f}; of all draws {found.plausibility[0]:.0%} lie as far out.</p>"
    )
    return shown_images(images, found.latents, "found", columns=2) + text, found.latents[0]
