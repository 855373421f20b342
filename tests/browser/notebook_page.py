"""A notebook open in JupyterLab, worked as a student works it: with mouse and keys, reading what is shown."""

import json
import re

HANG = 180  # seconds after which a wait is given up; never a measure of speed

# For each text of an SVG: contrast (WCAG 2) of its computed ink with what is painted under it.
CONTRASTS = """svg => {
  const channels = colour => colour.match(/[\\d.]+/g).map(Number);
  const over = ([r, g, b, a = 1], alpha, under) =>
    [r, g, b].map((part, i) => part * a * alpha + under[i] * (1 - a * alpha));
  const luminance = rgb => rgb.map(part => part / 255)
    .map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    .reduce((sum, part, i) => sum + part * [0.2126, 0.7152, 0.0722][i], 0);
  const painted = element => {
    const style = getComputedStyle(element);
    return element instanceof SVGElement ? style.fill : style.backgroundColor;
  };
  const see = (under, element) => {
    const colour = painted(element);
    const alpha = element instanceof SVGElement ? Number(getComputedStyle(element).opacity) : 1;
    return /^rgb/.test(colour) ? over(channels(colour), alpha, under) : under;
  };
  return [...svg.querySelectorAll("text")].map(text => {
    text.scrollIntoView({block: "center"});
    const box = text.getBoundingClientRect();
    const stack = document.elementsFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const below = stack.slice(stack.indexOf(text) + 1).reverse().reduce(see, [255, 255, 255]);
    const [dark, light] = [luminance(below), luminance(see(below, text))].sort((a, b) => a - b);
    return {text: text.textContent, seen: stack.includes(text), contrast: (light + 0.05) / (dark + 0.05)};
  });
}"""


class NotebookPage:
    """Cells are named by their id."""

    def __init__(self, page, file, screenshots):
        from playwright.sync_api import expect

        self.page, self.screenshots, self.expect = page, screenshots, expect
        self.ids = [cell["id"] for cell in json.loads(file.read_text(encoding="utf-8"))["cells"]]
        # What is run before the kernel is connected is lost without a word.
        expect(page.locator("#jp-main-statusbar")).to_contain_text("| Idle")
        expect(page.locator(".jp-Cell")).to_have_count(len(self.ids))

    def cell(self, cell_id):
        return self.page.locator(f'.jp-Cell[data-windowed-list-index="{self.ids.index(cell_id)}"]')

    def prompt(self, cell_id):
        return self.cell(cell_id).locator(".jp-InputPrompt")

    def output(self, cell_id):
        return self.cell(cell_id).locator(".jp-OutputArea-output")

    def picture(self, cell_id):
        return self.output(cell_id).locator("svg[role=img][aria-label]")

    def menu(self, *labels):
        """Choose from the menu bar: `menu("Run", "Run All Cells")`."""
        bar, *between, last = labels
        self.page.locator(".lm-MenuBar-itemLabel", has_text=exactly(bar)).click()
        for label in between:
            self.page.locator(".lm-Menu-itemLabel", has_text=exactly(label)).hover()
        self.page.locator(".lm-Menu-itemLabel", has_text=exactly(last)).click()

    def run_all(self):
        self.menu("Run", "Run All Cells")
        for prompt in self.page.locator(".jp-CodeCell .jp-InputPrompt").all():
            self.expect(prompt).to_have_text(re.compile(r"^\[\d+\]:$"))

    def start(self, cell_id):
        """Run a cell and stay on it; do not wait for it."""
        self.prompt(cell_id).click()
        self.page.keyboard.press("Control+Enter")

    def run(self, *cell_ids):
        """Run cells, one after the other, and wait for the end of each."""
        for cell_id in cell_ids:
            before = re.escape(self.prompt(cell_id).text_content())
            self.start(cell_id)
            self.expect(self.prompt(cell_id)).to_have_text(re.compile(rf"^(?!{before}$)\[\d+\]:$"))

    def write(self, cell_id, text):
        """Type over all that a cell holds. The editor indents by itself after a colon."""
        editor = self.cell(cell_id).locator(".cm-content")
        editor.click()
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.type(text)
        for line in text.split("\n"):
            self.expect(editor).to_contain_text(line)

    def use_theme(self, name, *, light):
        self.menu("Settings", "Theme", name)
        self.expect(self.page.locator("body")).to_have_attribute("data-jp-theme-light", str(light).lower())

    def contrasts(self, cell_id):
        """Each text of a cell's picture: dicts with `text`, `seen` (bool), `contrast` (1 to 21)."""
        return self.picture(cell_id).first.evaluate(CONTRASTS)

    def shoot(self, name, cell_id=None):
        """Keep what is shown (scrolled to a cell), if somebody wants to look."""
        if self.screenshots:
            if cell_id:
                self.cell(cell_id).scroll_into_view_if_needed()
            self.page.screenshot(path=self.screenshots / f"{name}.png")


def exactly(label):
    return re.compile(f"^{re.escape(label)}$")
