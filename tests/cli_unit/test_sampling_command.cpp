// The options of langevin-sample: declared from the rows of the methods, refused by them.
#include <algorithm>
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "cli/sampling_command.hpp"

using namespace pushforward;

namespace {

// The complaint about these words, of the method that they name.
std::string complaint(std::vector<const char*> words) {
  CommandLine line("langevin-sample", "", "", "");
  SamplingCommand command;
  add_sampling(line, &command);
  std::string trajectory;
  line.side_file("trajectory", &trajectory, "", {FileFormat::hdf5});
  words.insert(words.begin(), {"langevin-sample", "-m", "model.h5"});
  try {
    static_cast<void>(line.parse(static_cast<int>(words.size()), words.data()));
    complete_sampling(line, &command);
    check_sampling(line, chosen_method(SampledModel(), command.method), command);
  } catch (const Error& error) {
    return error.what();
  }
  return "none";
}

}  // namespace

TEST_CASE("every option that a method looks at is one of the program's", "[sampling_command]") {
  for (const std::string& name : particular_options()) {
    INFO(name);
    const std::string option = "--" + name;
    CHECK_THAT(complaint({"--method", "ula", option.c_str()}), !Catch::Contains("unknown option"));
  }
}

TEST_CASE("an option that the method does not use is refused", "[sampling_command]") {
  CHECK(complaint({"--method", "heun", "--churn", "1"}) == "none");
  CHECK(complaint({"--method", "ula", "--churn", "1"}) ==
        "option --churn: --method ula does not use it; heun does");
  CHECK(complaint({"--method", "heun", "--step-size", "1"}) ==
        "option --step-size: --method heun does not use it; ula, mala, hmc, underdamped, annealed "
        "do");
  CHECK(complaint({"--method", "underdamped", "--friction", "1"}) == "none");
  CHECK(complaint({"--method", "mala", "--leapfrog", "1"}) ==
        "option --leapfrog: --method mala does not use it; hmc does");
  CHECK(complaint({"--method", "ula", "--adapt", "yes"}) ==
        "option --adapt: --method ula does not use it; mala, hmc do");
  CHECK(complaint({"--method", "heun", "--levels", "5"}) ==
        "option --levels: --method heun does not use it; annealed and --process ddpm do");
  CHECK(complaint({"--method", "heun", "--process", "ddpm", "--levels", "5"}) == "none");
  CHECK(complaint({"--method", "blur", "--algorithm", "1"}) ==
        "option --algorithm: --method blur does not use it; cold does");
  for (const char* option : {"--steps", "--chains", "--eta", "--levels"})
    CHECK(complaint({"--method", "ddgan", option, "1"}) != "none");
}

TEST_CASE("what does not go together is refused", "[sampling_command]") {
  CHECK(complaint({"--method", "ula", "--strict"}) == "--strict needs --chains");
  CHECK(complaint({"--method", "blur", "--start-level", "2"}) == "--start-level needs --init FILE");
  CHECK(complaint({"--method", "blur", "--init", "normal:1"}) ==
        "--method blur starts from pictures: --init FILE");
}

TEST_CASE("an option of one method arrives there", "[sampling_command]") {
  CommandLine line("langevin-sample", "", "", "");
  SamplingCommand command;
  add_sampling(line, &command);
  const char* words[] = {"langevin-sample", "--leapfrog", "7", "--variance", "learned"};
  REQUIRE(line.parse(5, words));
  CHECK(std::get<std::int64_t>(command.method.fields.at("leapfrog")) == 7);
  CHECK(std::get<std::string>(command.method.fields.at("variance")) == "learned");
  CHECK(std::get<double>(command.method.fields.at("jitter")) == 0.6);
}
