// JPEG files, and the checksums of their pixels as Pillow 9.4 decodes them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/picture_files.hpp"

namespace pushforward::testing {

struct JpegFile {
  std::string kind, bytes;
  int width, height, channels;      // of the file: 1 grey, 3 colours
  std::uint32_t rgb_sum, grey_sum;  // CRC-32 of convert("RGB") and of convert("L")
};

inline std::vector<JpegFile> jpeg_files() {
  return {
      {"baseline 4:2:0", jpeg_file(), 12, 16, 3, 0x6135b3bau, 0x9cca0bebu},
      {"arithmetic codes 4:1:1",
       from_hexadecimal("ffd8ffdb0043000d090a0b0a080d0b0a0b0e0e0d0f13201513121213271c1e17202e293130"
                        "2e292d2c333a4a"
                        "3e333646372c2d405741464c4e525352323e5a615a50604a51524fffdb0043010e0e0e1311"
                        "13261515264f35"
                        "2d354f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f"
                        "4f4f4f4f4f4f4f"
                        "4f4f4f4f4f4f4f4fffc9001108000b001303014100021101031101ffcc000a001010050110"
                        "1105ffda000c03"
                        "010002110311003f00d28fd20ad44c7ed6caf6a1644dcf8132870355f8d3d9994cad0b01cc"
                        "629d3cad7ab373"
                        "cc3fd1bf96412454993d9b1df5734b5047c6f74e7f0ede6f9085b9fa9b5c63bf64759b25bb"
                        "ebd94ccce8cb79"
                        "ea9fc0ffd9"),
       19, 11, 3, 0xa286959fu, 0xc6889f8eu},
      {"progressive, arithmetic codes 4:2:0",
       from_hexadecimal("ffd8ffdb0043000d090a0b0a080d0b0a0b0e0e0d0f13201513121213271c1e17202e293130"
                        "2e292d2c333a4a"
                        "3e333646372c2d405741464c4e525352323e5a615a50604a51524fffdb0043010e0e0e1311"
                        "13261515264f35"
                        "2d354f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f"
                        "4f4f4f4f4f4f4f"
                        "4f4f4f4f4f4f4f4fffca001108000b001303012200021101031101ffcc000600100110ffda"
                        "000c0301000210"
                        "0310000001d22a9654e5378d95935a80ffcc00041005ffda000801010001050210fd1274f8"
                        "a31e3b1086ffcc"
                        "00041105ffda0008010301013f011a99b47d3930ffcc00041105ffda0008010201013f019e"
                        "6f44aa1880ffcc"
                        "00041005ffda0008010100063f02c0ffcc00041005ffda0008010100013f21d2583b3a4a43"
                        "50736e40ffda00"
                        "0c030100020003000000108affcc00041105ffda0008010301013f10f64bebffcc00041105"
                        "ffda0008010201"
                        "013f10aa5f6760ffcc00041005ffda0008010100013f1013d799778c9474817a3c9337ec31"
                        "b57068bd7d4cff"
                        "d9"),
       19, 11, 3, 0x024a6eb4u, 0x71f0bfc4u},
      {"progressive, grey",
       from_hexadecimal("ffd8ffdb0043000d090a0b0a080d0b0a0b0e0e0d0f13201513121213271c1e17202e293130"
                        "2e292d2c333a4a"
                        "3e333646372c2d405741464c4e525352323e5a615a50604a51524fffc2000b08000b001301"
                        "011100ffc40016"
                        "0001010100000000000000000000000000050403ffda00080101000000016b382d14efffc4"
                        "001a1001000300"
                        "03000000000000000000000001000203041121ffda0008010100010502ad4a97d0ac791eea"
                        "b3558af7ffc400"
                        "161000030000000000000000000000000000102031ffda0008010100063f02153fffc40017"
                        "10010101010000"
                        "0000000000000000000001002111ffda0008010100013f21902630750583773b09037fffda"
                        "00080101000000"
                        "106fffc4001c100100020203010000000000000000000001001121417181c1f0ffda000801"
                        "0100013f1079b0"
                        "c618880bd57dcc000c2f492c101755dc5dcdc3ec583433ffd9"),
       19, 11, 1, 0x55894b0fu, 0x0fcc8c0cu},
      {"four inks",
       from_hexadecimal("ffd8ffee000e41646f626500640000000000ffdb0043000d090a0b0a080d0b0a0b0e0e0d0f"
                        "13201513121213"
                        "271c1e17202e2931302e292d2c333a4a3e333646372c2d405741464c4e525352323e5a615a"
                        "50604a51524fff"
                        "c9001408000b0013044311004d11005911004b1100ffcc000600101005ffda000e0443004d"
                        "0059004b00003f"
                        "00d291894f95bfb5755d5ab22b063f89b7ad2d653229c258016a58fcd53e633df8c9d5d98a"
                        "694300e080dd07"
                        "1b41bec5cedb74817828cc1efc14ff0048397a053b8d227147f26000d1bf734620acd132b0"
                        "7701662e52d611"
                        "9965ac4c6de982e3a49c24d8369678461ae493f0976545302b5ee8fce621244abbb47222a3"
                        "0783f8e06ea5a2"
                        "93c13f7ed64718ad5b078292a91631bb9f8468f2b98830a59c34e096d55288f0594f4ea8da"
                        "02fbabe55c7cc9"
                        "33d9097d49cd83d3315843f46902909d71234b4ba7127ee536cbc74a29be1b7df2228de729"
                        "7a144bb968ffd9"),
       19, 11, 3, 0x07f3b1d4u, 0x6d44b861u},
      {"four inks, as YCCK 4:2:0",
       from_hexadecimal("ffd8ffee000e41646f626500640000000002ffdb0043000d090a0b0a080d0b0a0b0e0e0d0f"
                        "13201513121213"
                        "271c1e17202e2931302e292d2c333a4a3e333646372c2d405741464c4e525352323e5a615a"
                        "50604a51524fff"
                        "db0043010e0e0e131113261515264f352d354f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f"
                        "4f4f4f4f4f4f4f"
                        "4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4f4fffc9001408000b001304012200"
                        "02110103110104"
                        "2200ffcc000a0010100501101105ffda000e040100021103110400003f00ff009fc03cd517"
                        "91f40b2f2c0a05"
                        "42b373b9590211dcfede38cbea8bff00167d5340f22212b6ded1ceb9441d7211c11d465d97"
                        "6bc9b2da2ff96c"
                        "290e6e95f6586609cf050c6b330f283c7912e3103286b6e89a847cf8292ce3bb0d71f2f39a"
                        "086b732042e25f"
                        "bf7ac3ed660179f706d46d2df9d1054336f13c660cda43bead00c666944cffd9"),
       19, 11, 3, 0x181ba9c0u, 0x828abb6eu},
  };
}

}  // namespace pushforward::testing
