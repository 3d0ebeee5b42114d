// Limits and prices as a test wants them: round numbers, not those of packs/standards.
#pragma once

#include "grid/standards.hpp"

namespace tongdian::grid {

inline Standards standards() {
  return Standards::
      read("id,value,unit,source\n"
           "voltage_35kv_min,0.95,,s\nvoltage_35kv_max,1.05,,s\nvoltage_10kv_min,0.93,,s\nvoltage_10kv_max,1.07,,s\n"
           "voltage_220v_min,0.90,,s\nvoltage_220v_max,1.07,,s\npower_factor,0.9,,s\nfirm_share,1,,s\nroute_factor,1.3,,s\n"
           "reach_lv_m,400,,s\nreach_10kv_m,3000,,s\nprice_line_lv,150,,s\nprice_cable_10kv,900,,s\nprice_bay,400,,s\n"
           "reach_35kv_m,15000,,s\nprice_line_35kv,800,,s\nprice_bay_35kv,1500,,s\nline_35kv_r,0.132,,s\nline_35kv_x,0.388,,s\n"
           "cable_r,0.125,,s\ncable_x,0.09,,s\nline_lv_r,0.253,,s\nline_lv_x,0.076,,s\n"
           "cable_a,400,,s\nline_lv_a,260,,s\nline_35kv_a,600,,s\nmicro_kw,160,,s\n",
           "test")
          .value();
}

}  // namespace tongdian::grid
