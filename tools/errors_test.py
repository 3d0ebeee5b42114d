#!/usr/bin/env python3
"""Plants codes and faults of pages in a copy of the house, and sees tools/errors catch each, and nothing else."""

import importlib.machinery
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True  # the tree may belong to someone else
loader = importlib.machinery.SourceFileLoader("errors", os.path.join(ROOT, "tools", "errors"))
errors = importlib.util.module_from_spec(importlib.util.spec_from_loader("errors", loader))
loader.exec_module(errors)


class Violations(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.house = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.house)
        for folder in ("src", "docs/errors"):
            shutil.copytree(os.path.join(ROOT, folder), os.path.join(cls.house, folder))
        cls.before = errors.check(cls.house)

    def write(self, file, text):
        """Plants, until the test is over."""
        path = os.path.join(self.house, file)
        original = None
        if os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                original = f.read()
        self.addCleanup(self.restore, path, original)
        with open(path, "w", encoding="utf-8") as f:
            f.write(text)

    def change(self, file, old, new):
        with open(os.path.join(self.house, file), encoding="utf-8") as f:
            text = f.read()
        self.assertIn(old, text)
        self.write(file, text.replace(old, new, 1))

    @staticmethod
    def restore(path, original):
        if original is not None:
            with open(path, "w", encoding="utf-8") as f:
                f.write(original)
        elif os.path.exists(path):
            os.remove(path)

    def assert_caught(self, *expected):
        """Exactly these, each by the beginning of its complaint."""
        found = [c for c in errors.check(self.house) if c not in self.before]
        self.assertEqual(len(found), len(expected), found)
        for complaint, beginning in zip(found, expected):
            self.assertTrue(complaint.startswith(beginning), complaint)

    def test_a_new_code_wherever_it_stands(self):
        for line in ('return failure("store.planted", {"", ""});', 'case 7: return "store.planted";',
                     'constexpr std::string_view code = "store.planted";', '  at.complain(\n\n"store.planted", {});'):
            with self.subTest(line):
                self.write("src/store/planted.cpp", "// first\n" + line + "\n")
                place = "src/store/planted.cpp:" + ("4" if "\n" in line else "2")
                self.assert_caught(f"{place}: store.planted has no page")

    def test_what_is_no_code(self):
        self.write("src/store/planted.cpp", '// "store.planted"\n/* "store.planted"\n */ open("city.db"); read("store.yaml");\n'
                                            'auto sentence = "not store.planted at all";\n')
        self.write("src/store/planted_test.cpp", 'CHECK(p.code == "store.planted");\n')
        self.write("src/store/planted_events.hpp", 'constexpr std::string_view planted = "store.planted";\n')
        self.assert_caught()

    def test_a_page_that_nothing_gives_out(self):
        self.write("docs/errors/store.planted.md", "# store.planted 试 · try\n")
        self.assert_caught("docs/errors/store.planted.md: the program gives out no such code",
                           "docs/errors/README.md: not up to date")

    def test_a_code_that_goes(self):
        self.change("src/identity/accounts.cpp", '"identity.user_exists"', '"identity.bad_user"')
        self.assert_caught("docs/errors/identity.user_exists.md: the program gives out no such code")

    def test_a_page_without_a_part(self):
        page = "docs/errors/engine.conflict.md"
        for old, new, complaint in (
                ("# engine.conflict ", "# engine.conflicts ", "the first line is"),
                ("谁会看到 Seen by", "Seen", "no line `- **谁会看到 Seen by**"),
                ("类别 Kind**: refusal", "类别 Kind**: failure", "the program makes it a refusal"),
                ("- **HTTP**: 409", "- **HTTP**: 422", "src/wire/problem.cpp answers 409, the page says 422"),
                ("退出码 Exit**: —", "退出码 Exit**: 3", "the exit code of a refusal is 1"),
                ("## 原因 Cause", "## 缘由 Cause", "the section `## 原因 Cause` is missing"),
                ("Reload, look again, then act.", "", "the section `## 怎么办 What to do` has not a paragraph"),
                ("```\n", "~~~\n", "the example holds no fenced code"),
                ("Reload, look again", "<what next>", "<what next> is still to be written")):
            with self.subTest(complaint):
                self.change(page, old, new)
                found = [c for c in errors.check(self.house) if c not in self.before and not c.startswith("docs/errors/README.md")]
                self.assertTrue(any(c.startswith(f"{page}: {complaint}") for c in found), found)
                self.doCleanups()

    def test_the_index_follows_the_titles(self):
        self.change("docs/errors/engine.conflict.md", "someone else has just acted", "another title")
        self.assert_caught("docs/errors/README.md: not up to date")

    def test_a_page_is_begun_and_complained_about_until_it_is_written(self):
        self.write("src/store/planted.cpp", 'throw ProblemError(refusal("store.planted", {"", ""}));\n')
        path = os.path.join(self.house, "docs/errors/store.planted.md")
        self.addCleanup(self.restore, path, None)
        with open(os.devnull, "w") as nothing:
            stdout, sys.stdout = sys.stdout, nothing
            try:
                self.assertIsNone(errors.begin(self.house, "store.planted"))
                self.assertIn("no string literal", errors.begin(self.house, "store.nowhere"))
            finally:
                sys.stdout = stdout
        found = [c for c in errors.check(self.house) if c not in self.before]
        self.assertTrue(found)
        self.assertTrue(all("still to be written" in c or "not a paragraph" in c or "first line" in c or "README" in c
                            for c in found), found)

    def test_html(self):
        folder = os.path.join(self.house, "html")
        errors.write_html(self.house, folder)
        pages = os.listdir(folder)
        self.assertEqual(len(pages), len(errors.House(self.house).pages()) + 1)
        with open(os.path.join(folder, "engine.no_such_stream.html"), encoding="utf-8") as f:
            page = f.read()
        self.assertIn('<html lang="zh-CN">', page)
        self.assertIn('<a href="/errors/connection.not_found">connection.not_found</a>', page)
        self.assertIn('<p lang="en">Check the number.</p>', page)
        with open(os.path.join(folder, "index.html"), encoding="utf-8") as f:
            self.assertIn('<a href="/errors/engine.conflict">engine.conflict</a>', f.read())
        self.assertEqual(errors.inline("a < b & `x<y>`"), "a &lt; b &amp; <code>x&lt;y&gt;</code>")

    def test_the_command_says_so_with_its_exit_code(self):
        tool = os.path.join(ROOT, "tools", "errors")
        self.assertEqual(subprocess.run([tool, "--no-such-option"], capture_output=True).returncode, 1)


if __name__ == "__main__":
    unittest.main()
