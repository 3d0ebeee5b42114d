#!/usr/bin/env python3
"""Plants one violation after another in a copy of the house and sees tools/rooms catch each, and nothing else."""

import importlib.machinery
import importlib.util
import os
import shutil
import sys
import tempfile
import unittest

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True  # the tree may belong to someone else
loader = importlib.machinery.SourceFileLoader("rooms", os.path.join(ROOT, "tools", "rooms"))
rooms = importlib.util.module_from_spec(importlib.util.spec_from_loader("rooms", loader))
loader.exec_module(rooms)


class Violations(unittest.TestCase):
    """Each test plants its violation in one copy of src/ and tools/; what the real house lacks already is set aside."""

    @classmethod
    def setUpClass(cls):
        cls.house = tempfile.mkdtemp()
        cls.addClassCleanup(shutil.rmtree, cls.house)
        for folder in ("src", "tools"):
            shutil.copytree(os.path.join(ROOT, folder), os.path.join(cls.house, folder))
        cls.before = rooms.check(cls.house)

    def write(self, file, text, mode="w"):
        """Plants, until the test is over."""
        path = os.path.join(self.house, file)
        folder = os.path.dirname(path)
        if not os.path.isdir(folder):
            os.makedirs(folder)
            self.addCleanup(shutil.rmtree, folder)
        original = None
        if os.path.exists(path):
            with open(path, encoding="utf-8") as f:
                original = f.read()
        self.addCleanup(self.restore, path, original)
        with open(path, mode, encoding="utf-8") as f:
            f.write(text)

    @staticmethod
    def restore(path, original):
        if original is not None:
            with open(path, "w", encoding="utf-8") as f:
                f.write(original)
        elif os.path.exists(path):
            os.remove(path)

    def new_complaints(self):
        return [c for c in rooms.check(self.house) if c not in self.before]

    def assert_caught(self, *expected):
        """Exactly these, each by the beginning of its complaint."""
        found = self.new_complaints()
        self.assertEqual(len(found), len(expected), found)
        for complaint, beginning in zip(found, expected):
            self.assertTrue(complaint.startswith(beginning), complaint)

    def test_a_room_that_includes_a_higher_floor(self):
        self.write("src/base/planted.hpp", '#pragma once\n#include "engine/engine.hpp"\n')
        self.assert_caught("src/base/planted.hpp:2: floor: base (floor 0) includes engine (floor 3)")

    def test_two_rooms_of_one_floor(self):
        self.write("src/store/planted.cpp", '#include "wire/planted.hpp"\n')
        self.assert_caught("src/store/planted.cpp:1: floor: store (floor 1) includes wire (floor 1)")

    def test_unit_tests_keep_to_their_floor_too(self):
        self.write("src/calendar/planted_test.cpp", '  #  include "policy/pack.hpp"\n')
        self.assert_caught("src/calendar/planted_test.cpp:1: floor: ")

    def test_an_include_without_its_room(self):
        self.write("src/base/planted.cpp", '#include "result.hpp"\n#include "../store/database.hpp"\n')
        self.assert_caught('src/base/planted.cpp:1: floor: "result.hpp" is not', "src/base/planted.cpp:2: floor: ")

    def test_a_folder_that_is_not_in_the_table(self):
        self.write("src/attic/planted.hpp", "#pragma once\n")
        self.assert_caught("src/attic: table: ")

    def test_a_room_of_the_table_without_a_folder(self):
        self.write("src/rooms.txt", "9 cellar   nothing yet\n", mode="a")
        self.assert_caught("src/rooms.txt: table: cellar")

    def test_a_table_out_of_order(self):
        self.write("src/rooms.txt", "0 base   once more\nfloor nine\n", mode="a")
        with open(os.path.join(self.house, "src/rooms.txt"), encoding="utf-8") as f:
            lines = len(f.read().splitlines())
        found = "\n".join(self.new_complaints())
        self.assertIn(f"src/rooms.txt:{lines - 1}: table: base stands here twice", found)
        self.assertIn(f"src/rooms.txt:{lines - 1}: table: floor 0 after floor 9", found)
        self.assertIn(f"src/rooms.txt:{lines}: table: expected", found)

    def test_headers_in_a_circle(self):
        self.write("src/base/chicken.hpp", '#include "base/egg.hpp"\n')
        self.write("src/base/egg.hpp", '#include "base/chicken.hpp"\n')
        self.assert_caught("src/base/chicken.hpp: loop: base/chicken.hpp → base/egg.hpp → base/chicken.hpp")

    def test_a_pure_room_that_reads_the_store(self):
        self.write("src/policy/planted.cpp", '#include "store/database.hpp"\n')
        self.assert_caught("src/policy/planted.cpp:1: pure: ")

    def test_a_decision_that_reads_for_itself(self):
        self.write("src/connection/planted_state.hpp", '#include "engine/behaviour.hpp"\n#include "base/random.hpp"\n')
        self.write("src/connection/planted_view.cpp", '#include "store/database.hpp"\n')
        self.assert_caught("src/connection/planted_state.hpp:2: pure: ")

    def test_asking_the_machine_for_the_time(self):
        for line in ("auto t = std::chrono::system_clock::now();", "auto t = time(nullptr);", "auto t = std::time( NULL );",
                     'const char* zone = getenv("TZ");', "localtime_r(&t, &out);", "clock_gettime(CLOCK_REALTIME, &t);",
                     'db.run("UPDATE t SET at = CURRENT_TIMESTAMP");', "db.run(\"SELECT strftime('%s', 'now')\");"):
            with self.subTest(line):
                self.write("src/store/planted.cpp", f"// first\n{line}\n")
                self.assert_caught("src/store/planted.cpp:2: now: ")

    def test_talking_about_the_time_is_allowed(self):
        self.write("src/store/planted.cpp", "int a;  // not system_clock\n/* nor\n time(nullptr) */ int b;\n"
                                            "auto d = clock.now();\nint localtimes = run_time(0);\n")
        self.assert_caught()

    def test_the_clock_and_the_program_may_ask(self):
        self.write("src/app/planted.cpp", "auto t = std::chrono::system_clock::now();\n")
        self.assert_caught()

    def test_a_file_that_outgrows_the_limit(self):
        self.write("src/base/planted.cpp", "\n" * (rooms.LIMIT + 1))
        self.assert_caught("src/base/planted.cpp: size: 501 lines, 500 are allowed")

    def test_the_list_of_long_files_only_shrinks(self):
        self.write("src/base/planted.cpp", "\n" * 600)
        self.write("tools/long_files.txt", "src/base/planted.cpp 600\n", mode="a")
        self.assert_caught()
        for length, complaint in ((601, "601 lines, 600 are allowed"), (550, "now 550 lines"), (10, "now 10 lines")):
            with self.subTest(length):
                self.write("src/base/planted.cpp", "\n" * length)
                self.assert_caught(f"src/base/planted.cpp: size: {complaint}")
        os.remove(os.path.join(self.house, "src/base/planted.cpp"))
        self.assert_caught("tools/long_files.txt: size: src/base/planted.cpp is gone")

    def test_the_command_says_so_with_its_exit_code(self):
        tool = os.path.join(ROOT, "tools", "rooms")
        self.write("src/base/planted.cpp", '#include "app/commands.hpp"\n')
        self.assertEqual(os.system(f"{tool} {self.house} >{self.house}/out"), 256)
        with open(f"{self.house}/out", encoding="utf-8") as f:
            self.assertIn("src/base/planted.cpp:1: floor: ", f.read())


if __name__ == "__main__":
    unittest.main()
