// Every system call of an output fails once: an Error with the system's reason each time, the old
// file as it was, and nothing left beside it.
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <csignal>

#include "base/error.hpp"
#include "complaint.hpp"
#include "io/atomic_file.hpp"
#include "io/container.hpp"
#include "io/failing_calls.hpp"
#include "io/npz.hpp"
#include "io/temporary_folder.hpp"

using namespace pushforward;
using namespace pushforward::testing;

namespace {

void write_container(const std::string& file) {
  Provenance provenance;
  ContainerWriter writer(file, "tensors", provenance);
  writer.create_rows("/x", ElementType::float64, {50});
  for (int block = 0; block < 40; ++block)
    writer.append_rows("/x", Array::make(ElementType::float64, {100, 50}));
  for (int i = 0; i < 20; ++i)
    writer.write("/model/w" + std::to_string(i), Array::make(ElementType::float32, {300}));
  writer.set_number("/model", "rate", 1);
  writer.commit();
}

// Fails the 1st, 2nd, ... call until all succeed; returns how many failed.
int fail_each(Fault fault, const std::string& file, const TemporaryFolder& folder,
              const std::string& reason) {
  for (int n = 1;; ++n) {
    write_bytes(file, "old");
    arm(fault, n);
    std::string message;
    try {
      write_container(file);
    } catch (const Error& error) {
      message = error.what();
      CHECK(error.kind() == ErrorKind::io);
    }
    disarm();
    if (!has_failed()) {
      CHECK(message.empty());
      CHECK(ContainerReader(file).info("/x").shape[0] == 4000);
      CHECK(folder.files() == 1);
      return n - 1;
    }
    INFO(n << ": " << message);
    CHECK(message.compare(0, file.size() + 2, file + ": ") == 0);
    CHECK(message.find(reason) != std::string::npos);
    CHECK(bytes_of(file) == "old");
    CHECK(folder.files() == 1);
  }
}

}  // namespace

TEST_CASE("every write fails once") {
  const TemporaryFolder folder;
  CHECK(fail_each(Fault::write, folder / "f.h5", folder, "No space left on device") > 30);
}

TEST_CASE("the last steps of an output fail once") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  CHECK(fail_each(Fault::truncate, file, folder, "Input/output error") >= 1);
  CHECK(fail_each(Fault::link, file, folder, "Permission denied") == 1);
  CHECK(fail_each(Fault::rename, file, folder, "Operation not permitted") == 1);
}

TEST_CASE("the file or its folder cannot be synced") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  write_bytes(file, "old");
  arm(Fault::sync, 1);
  CHECK_THROWS_WITH(write_container(file), Catch::Contains("Input/output error"));
  CHECK(bytes_of(file) == "old");
  arm(Fault::sync, 2);
  CHECK_THROWS_WITH(write_container(file), Catch::Contains("Input/output error"));
  disarm();
  CHECK(folder.files() == 1);
}

TEST_CASE("short and interrupted writes change nothing") {
  const TemporaryFolder folder;
  setenv("SOURCE_DATE_EPOCH", "0", 1);
  write_container(folder / "a.h5");
  arm(Fault::short_write, 0);
  write_container(folder / "b.h5");
  disarm();
  unsetenv("SOURCE_DATE_EPOCH");
  CHECK(bytes_of(folder / "a.h5") == bytes_of(folder / "b.h5"));
}

TEST_CASE("without files that have no name, a temporary name is removed") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.txt";
  arm(Fault::unnamed, 0);
  {
    AtomicFile output(file);
    output.write("new");
    CHECK(folder.files() == 1);  // the temporary file
  }
  CHECK(folder.files() == 0);
  AtomicFile output(file);
  output.write("new");
  output.commit();
  CHECK(folder.files() == 1);
  CHECK(bytes_of(file) == "new");

  for (int signal : {SIGTERM, SIGINT, SIGHUP}) {
    const pid_t child = fork();
    if (child == 0) {
      std::signal(signal, SIG_DFL);  // Catch has its own handlers
      AtomicFile unfinished(folder / "unfinished");
      unfinished.write("something");
      raise(signal);
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    CHECK(WTERMSIG(status) == signal);
    CHECK(folder.files() == 1);
  }
  disarm();
}

TEST_CASE("a killed process leaves nothing") {
  const TemporaryFolder folder;
  for (int signal : {SIGTERM, SIGKILL}) {
    const pid_t child = fork();
    if (child == 0) {
      std::signal(signal, SIG_DFL);
      ContainerWriter writer(folder / "f.h5", "tensors", {});
      writer.write("/x", Array::make(ElementType::float64, {1000, 1000}));
      raise(signal);
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    CHECK(WIFSIGNALED(status));
    CHECK(folder.files() == 0);
  }
}

// A process that is killed in the moment between the two names of a file cannot clean up.
TEST_CASE("what a killed process left is removed by the next run") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.txt";
  const auto killed_at_rename = [&] {
    const pid_t child = fork();
    if (child == 0) {
      arm(Fault::rename_kills, 1);
      AtomicFile output(file);
      output.write("killed");
      output.commit();
      _exit(0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFSIGNALED(status);
  };
  CHECK_FALSE(killed_at_rename());  // a new file has its name at once
  CHECK(folder.files() == 1);
  CHECK(killed_at_rename());
  CHECK(folder.files() == 2);
  CHECK(bytes_of(file) == "killed");

  AtomicFile output(file);
  CHECK(folder.files() == 1);
  output.write("new");
  output.commit();
  CHECK(folder.files() == 1);
  CHECK(bytes_of(file) == "new");
}

TEST_CASE("a temporary file that is being written is left alone") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.txt";
  arm(Fault::unnamed, 0);
  AtomicFile first(file), second(file);
  CHECK(folder.files() == 2);
  first.write("first");
  second.write("second");
  first.commit();
  CHECK(bytes_of(file) == "first");
  second.commit();
  disarm();
  CHECK(bytes_of(file) == "second");
  CHECK(folder.files() == 1);
}

TEST_CASE("no memory for a pipe") {
  arm(Fault::memory, 1);
  CHECK_THROWS_WITH(ContainerWriter("-", "tensors", {}),
                    Catch::Contains("standard output: cannot"));
  disarm();
}

TEST_CASE("a limit on file sizes is an error, not a signal") {
  const TemporaryFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    const rlimit limit{100000, 100000};
    setrlimit(RLIMIT_FSIZE, &limit);
    try {
      write_container(folder / "f.h5");
    } catch (const Error& error) {
      const bool told = std::string(error.what()).find("File too large") != std::string::npos;
      _exit(told ? 42 : 1);
    }
    _exit(0);
  }
  int status = 0;
  waitpid(child, &status, 0);
  CHECK(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 42);
  CHECK(folder.files() == 0);
}

TEST_CASE("targets of all kinds") {
  const TemporaryFolder folder;
  CHECK_THROWS_WITH(write_container("/dev/full"), Catch::Contains("No space left on device"));
  CHECK_NOTHROW(write_container("/dev/null"));
  struct stat status {};
  stat("/dev/full", &status);
  CHECK(S_ISCHR(status.st_mode));
  CHECK_THROWS_WITH(write_container(folder / "."), Catch::Contains("Is a directory"));
  CHECK_THROWS_WITH(write_container(folder / "none/f.h5"),
                    Catch::Contains("No such file or directory"));
  CHECK_THROWS_AS(write_container(""), Error);

  // A link stays a link, and what it leads to is replaced with its permissions.
  write_bytes(folder / "target", "old");
  chmod((folder / "target").c_str(), 0640);
  symlink("target", (folder / "link").c_str());
  write_container(folder / "link");
  lstat((folder / "link").c_str(), &status);
  CHECK(S_ISLNK(status.st_mode));
  stat((folder / "target").c_str(), &status);
  CHECK((status.st_mode & 07777) == 0640);
  CHECK(ContainerReader(folder / "target").has("/x"));
  CHECK(folder.files() == 2);
}

TEST_CASE("what the system refuses to read is told as that, not as damage") {
  const TemporaryFolder folder;
  const std::string file = folder / "f.h5";
  write_container(file);
  int failures = 0;
  for (bool failing = true; failing;) {
    arm(Fault::read, ++failures);  // in this process or in the one that walks the file
    std::string said;
    try {
      static_cast<void>(ContainerReader(file).read("/model/w7"));
      failing = false;
    } catch (const Error& error) {
      said = error.what();
      CHECK(error.kind() == ErrorKind::io);
      CHECK(said == file + ": cannot be read: Input/output error");
    }
    disarm();
    REQUIRE(failures < 1000);
  }
  CHECK(failures > 5);
  failures = 0;
  write_npz(file, {{"/x", Array::make(ElementType::float64, {20000}), {}}});
  for (bool failing = true; failing;) {
    arm(Fault::read, ++failures);
    const InputFile input(file);
    failing = complaint([&] { static_cast<void>(read_npz(input)); }) ==
              file + ": cannot be read: Input/output error";
    CHECK(failing == has_failed());
    disarm();
    REQUIRE(failures < 1000);
  }
  CHECK(failures > 2);
  write_container(file);
  arm(Fault::socket, 1);
  CHECK_THROWS_WITH(ContainerReader(file),
                    file + ": cannot be read: no socket can be made: Too many open files");
  disarm();
}
