// The one check of the files that a command line names.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "base/error.hpp"
#include "cli/command_line.hpp"
#include "complaint.hpp"

using namespace pushforward;
namespace fs = std::filesystem;

namespace {

// A program that reads rows, a model, a checkpoint and perhaps held-out rows, and writes a result,
// a checkpoint, a log and a picture.
struct Trainer {
  CommandLine line{"trainer", "[OPTIONS] [INPUT]", "Trains.", "trainer x.h5"};
  std::string model, validation, resume, output = "-", checkpoint, log, preview, stats;
  std::vector<std::string> more, inputs = {"rows.h5"};
  FileFormats result = {FileFormat::hdf5};

  Trainer() {
    line.input_file("model,m", &model, "MODEL", "a model");
    line.input_file("validation", &validation, "FILE|FRACTION", "rows, or a fraction",
                    [](const std::string& value) { return value != "0.1"; });
    line.input_file("resume", &resume, "FILE", "a checkpoint");
    line.input_files("more", &more, "FILE", "more rows");
    line.output_file("output,o", &output, "the result", [this] { return result; });
    line.side_file("checkpoint", &checkpoint, "to go on from", {FileFormat::hdf5}, "resume");
    line.side_file("log", &log, "numbers", {FileFormat::table});
    line.side_file("preview", &preview, "pictures", {FileFormat::png});
    line.side_file("stats", &stats, "statistics", {FileFormat::hdf5, FileFormat::npz});
    line.input_operands(&inputs, 0, 3, {"INPUT", "OTHER"});
  }

  // The message of the usage error that the words cause.
  std::string refusal(std::vector<const char*> words) {
    words.insert(words.begin(), "trainer");
    try {
      (void)line.parse(static_cast<int>(words.size()), words.data());
    } catch (const Error& error) {
      REQUIRE(error.exit_status() == 2);
      return error.what();
    }
    return "accepted";
  }
};

std::string refusal(const std::vector<const char*>& words) { return Trainer().refusal(words); }

// A folder of its own to work in, with rows.h5, model.h5 and other names of them.
struct Folder {
  fs::path before = fs::current_path();
  fs::path path = fs::temp_directory_path() / ("command_files_" + std::to_string(getpid()));
  Folder() {
    fs::create_directory(path);
    fs::current_path(path);
    std::ofstream("rows.h5") << "rows";
    std::ofstream("model.h5") << "model";
    fs::create_symlink("rows.h5", "soft.h5");
    fs::create_hard_link("rows.h5", "hard.h5");
  }
  ~Folder() {
    fs::current_path(before);
    fs::remove_all(path);
  }
};

// Standard input or output is this file while the object lives.
class Redirected {
 public:
  Redirected(int stream, int descriptor) : stream_(stream), saved_(dup(stream)) {
    REQUIRE(descriptor >= 0);
    dup2(descriptor, stream);
    close(descriptor);
  }
  ~Redirected() {
    dup2(saved_, stream_);
    close(saved_);
  }

 private:
  int stream_, saved_;
};

int read_end_of_pipe() {
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  close(ends[1]);
  return ends[0];
}

// The slave of a new terminal, or -1 where there is none to be had.
int terminal(std::string* name) {
  const int master = posix_openpt(O_RDWR | O_NOCTTY);  // left open: the terminal lives with it
  if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0) return -1;
  *name = ptsname(master);
  return open(name->c_str(), O_RDWR | O_NOCTTY);
}

}  // namespace

TEST_CASE("an option that names a file has to say what it does with it") {
  CommandLine line("sample", "", "", "");
  std::string text;
  std::vector<std::string> texts;
  for (const char* value : {"FILE", "FILE|FRACTION", "FLOW_MODEL", "INPUT"}) {
    CHECK_THROWS_AS(line.text("x", &text, value, ""), std::logic_error);
    CHECK_THROWS_AS(line.texts("y", &texts, value, ""), std::logic_error);
  }
}

TEST_CASE("no side output replaces a file that is read, whatever it is called") {
  const Folder folder;
  const Redirected null(STDOUT_FILENO, open("/dev/null", O_WRONLY));
  const std::string end = "; give it a file of its own";
  CHECK(refusal({"rows.h5", "--log", "rows.h5"}) ==
        "option --log names the file that is read as INPUT, rows.h5" + end);
  for (const char* name : {"./rows.h5", "soft.h5", "hard.h5"}) {
    CHECK(refusal({"rows.h5", "--checkpoint", name}) ==
          "option --checkpoint names the file that is read as INPUT, " + std::string(name) + end);
    CHECK(refusal({"--checkpoint", name}).find("--checkpoint names the file that") !=
          std::string::npos);  // the default INPUT
  }
  CHECK(refusal({"a.h5", "rows.h5", "--stats", "rows.h5"}).find("read as OTHER") !=
        std::string::npos);
  CHECK(refusal({"--stats", "model.h5", "-m", "model.h5"}).find("read as --model") !=
        std::string::npos);
  CHECK(refusal({"--stats", "model.h5", "-m", "model.h5:/x"}).find("read as --model") !=
        std::string::npos);
  CHECK(refusal({"--stats", "model.h5", "--more", "rows.h5", "--more", "model.h5"})
            .find("read as --more") != std::string::npos);
  CHECK(refusal({"--checkpoint", "new.h5", "--validation", "rows.h5"}) == "accepted");
  CHECK(refusal({"--checkpoint", "0.1", "--validation", "0.1"}) == "accepted");
  {
    const Redirected input(STDIN_FILENO, open("rows.h5", O_RDONLY));
    CHECK(refusal({"-", "--stats", "rows.h5"}).find("read as INPUT, rows.h5") != std::string::npos);
  }
}

TEST_CASE("a checkpoint goes on in its file, a result replaces its rows and nothing else") {
  const Folder folder;
  CHECK(refusal({"--checkpoint", "model.h5", "--resume", "model.h5", "-o", "m.h5"}) == "accepted");
  CHECK(refusal({"--log", "model.h5", "--resume", "model.h5", "-o", "m.h5"}) != "accepted");
  CHECK(refusal({"rows.h5", "-o", "rows.h5"}) == "accepted");
  CHECK(refusal({"rows.h5", "rows.h5", "-o", "rows.h5"}) == "accepted");
  CHECK(refusal({"model.h5", "rows.h5", "-o", "hard.h5"}) ==
        "option --output names the file that is read as OTHER, hard.h5; give it a file of its own");
  CHECK(refusal({"-m", "model.h5", "-o", "model.h5"}) ==
        "option --output names the file that is read as --model, model.h5; give it a file of its "
        "own");
  Trainer text;
  text.result = {FileFormat::csv};
  CHECK(text.refusal({"rows.h5", "-o", "rows.h5"}).find("read as INPUT") != std::string::npos);
}

TEST_CASE("two outputs are two files") {
  const Folder folder;
  for (const auto& [a, b] : {std::pair("a.h5", "./a.h5"), std::pair("rows.h5", "hard.h5")}) {
    const std::string message = refusal({"model.h5", "-o", a, "--checkpoint", b});
    CHECK(message.find("options --output and --checkpoint name the same file, ") == 0);
  }
  CHECK(refusal({"-o", "a.h5", "--checkpoint", "b.h5"}) == "accepted");
  CHECK(refusal({"-o", "/dev/null", "--checkpoint", "/dev/null"}) == "accepted");
  const Redirected output(STDOUT_FILENO, open("out", O_CREAT | O_WRONLY, 0600));
  CHECK(refusal({"--log", "-"}) == "options --output and --log both go to standard output");
  CHECK(refusal({"--log", "/dev/stdout"}) ==
        "options --output and --log both go to standard output");
  CHECK(refusal({"--log", "out"}) == "options --output and --log name the same file, out");
}

TEST_CASE("other names of standard input and output are a dash") {
  const Folder folder;
  const Redirected input(STDIN_FILENO, read_end_of_pipe());
  const Redirected output(STDOUT_FILENO, open("out", O_CREAT | O_WRONLY, 0600));
  fs::create_symlink("/dev/stdin", "link");
  for (const char* name : {"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0", "link"}) {
    Trainer trainer;
    CHECK(trainer.refusal({name}) == "accepted");
    CHECK(trainer.inputs == std::vector<std::string>{"-"});
    Trainer with_path;
    CHECK(with_path.refusal({(std::string(name) + ":/y").c_str()}) == "accepted");
    CHECK(with_path.inputs == std::vector<std::string>{"-:/y"});
    CHECK(refusal({"-", "--validation", name}) ==
          "only one of --validation and INPUT can come from standard input");
    CHECK(refusal({"--more", name, "--more", "-"}) ==
          "only one of --more and --more can come from standard input");
  }
  for (const char* name : {"/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"}) {
    Trainer trainer;
    CHECK(trainer.refusal({"-o", name}) == "accepted");
    CHECK(trainer.output == "-");
  }
}

TEST_CASE("a named pipe is read once") {
  const Folder folder;
  REQUIRE(mkfifo("pipe", 0600) == 0);
  REQUIRE(mkfifo("other", 0600) == 0);
  CHECK(refusal({"pipe", "--validation", "./pipe", "-o", "m.h5"}) ==
        "only one of --validation and INPUT can come from the pipe pipe");
  CHECK(refusal({"pipe", "--validation", "other", "-o", "m.h5"}) == "accepted");
}

TEST_CASE("only text goes to a terminal, and no file is read from one") {
  const Folder folder;
  std::string name;
  const int slave = terminal(&name);
  if (slave < 0) return;  // no terminals on this system
  const std::string end = " is not for reading: give ";
  CHECK(refusal({"-o", name.c_str()}) ==
        name + " is a terminal and HDF5" + end + "-o FILE, or send it to a file or a pipe");
  CHECK(refusal({"-o", "m.h5", "--preview", name.c_str()}) ==
        name + " is a terminal and PNG" + end + "--preview FILE, or send it to a file or a pipe");
  CHECK(refusal({"-o", "m.h5", "--log", name.c_str()}) == "accepted");
  CHECK(refusal({name.c_str(), "-o", "m.h5"}) ==
        name + " is a terminal: name an input file, or send one through a pipe");
  const Redirected output(STDOUT_FILENO, dup(slave));
  const Redirected input(STDIN_FILENO, dup(slave));
  CHECK(refusal({}).find("standard output is a terminal and HDF5") == 0);
  CHECK(refusal({"-o", "m.h5", "--stats", "/dev/stdout"}).find("standard output is a term") == 0);
  CHECK(refusal({"-o", "m.h5", "-"}).find("standard input is a terminal: name an input") == 0);
  CHECK(refusal({"-o", "m.h5", "-m", "/dev/stdin"}).find("standard input is a terminal") == 0);
  close(slave);
}

TEST_CASE("a suffix that names another format is refused, an unknown one is not") {
  const Folder folder;
  CHECK(refusal({"-o", "x.CSV"}) ==
        "option --output: x.CSV: HDF5 is written, and .csv is for CSV; name it x.h5 "
        "(tensor-export makes other formats of HDF5)");
  CHECK(refusal({"-o", "a/x.jpg"}) ==
        "option --output: a/x.jpg: HDF5 is written, and .jpg is for JPEG; name it a/x.h5");
  CHECK(refusal({"-o", "m.h5", "--log", "l.h5"}) ==
        "option --log: l.h5: tab-separated text is written, and .h5 is for HDF5; name it l.tsv");
  CHECK(refusal({"-o", "m.h5", "--preview", "p.jpeg"}) ==
        "option --preview: p.jpeg: PNG is written, and .jpeg is for JPEG; name it p.png");
  CHECK(refusal({"-o", "m.h5", "--stats", "s.png"}) ==
        "option --stats: s.png: HDF5 or NPZ is written, and .png is for PNG; name it s.h5 "
        "(tensor-export makes other formats of HDF5)");
  Trainer drawing;
  drawing.result = {FileFormat::png, FileFormat::svg, FileFormat::pdf};
  CHECK(drawing.refusal({"-o", "p.jpg"}) ==
        "option --output: p.jpg: PNG, SVG or PDF is written, and .jpg is for JPEG; name it p.png");
  for (const char* name : {"p.svg", "p.PDF", "p.png", "p"}) {
    Trainer other;
    other.result = drawing.result;
    CHECK(other.refusal({"-o", name}) == "accepted");
  }
  fs::create_directory("x.csv");
  for (const char* name : {"x", "x.h5", "x.hdf5", "csv", "x.csv/y", ".csv", "x.model"})
    CHECK(refusal({"-o", name}) == "accepted");
  CHECK(refusal({"-o", "m.h5", "--stats", "s.npz", "--log", "l.csv"}) == "accepted");
}

TEST_CASE("an output that cannot be made is told before the work begins") {
  const Folder folder;
  fs::create_directory("f");
  const auto told = [](std::vector<const char*> words) {
    words.insert(words.begin(), {"trainer", "-o", "m.h5"});
    return complaint([&] {
      static_cast<void>(Trainer().line.parse(static_cast<int>(words.size()), words.data()));
    });
  };
  for (const char* option : {"--log", "--checkpoint", "--preview", "--stats"})
    CHECK(told({option, "none/x"}) == "none/x: cannot be created: No such file or directory");
  CHECK(told({"--stats", "rows.h5/x"}) == "rows.h5/x: cannot be created: Not a directory");
  CHECK(told({"--stats", "f"}) == "f: cannot be written: Is a directory");
  CHECK(told({"--stats", "s.h5", "--log", "/dev/null"}) == "none");
  for (const char* output : {"m.h5", "s.h5"}) CHECK_FALSE(fs::exists(output));
}

TEST_CASE("an empty name is not taken for no file") {
  for (const char* option : {"--log", "--model", "--output", "--more"})
    CHECK(refusal({option, ""}) ==
          "option " + std::string(option) + ": the name of the file is empty");
  CHECK(refusal({""}) == "operand INPUT: the name of the file is empty");
}
