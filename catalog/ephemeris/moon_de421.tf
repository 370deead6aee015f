KPL/FK

   The lunar frames of DE421, in the form that SPICE and Skyfield read.

   The values are those of NAIF's moon_080317.tf (N. Bachman, 2008-03-21, modified 2009-02-26);
   its explanations, its aliases and its DE403 entry are left out, hence the other name.

   MOON_PA_DE421: principal axes, as moon_pa_de421_*.bpc turns them against the ICRF.
   MOON_ME_DE421: mean Earth direction and mean axis of rotation, the frame of lunar maps;
   0.0288 degrees, 875 m on the ground, from the principal axes.

\begindata

   FRAME_MOON_PA_DE421      = 31006
   FRAME_31006_NAME         = 'MOON_PA_DE421'
   FRAME_31006_CLASS        = 2
   FRAME_31006_CLASS_ID     = 31006
   FRAME_31006_CENTER       = 301

   FRAME_MOON_ME_DE421      = 31007
   FRAME_31007_NAME         = 'MOON_ME_DE421'
   FRAME_31007_CLASS        = 4
   FRAME_31007_CLASS_ID     = 31007
   FRAME_31007_CENTER       = 301

   TKFRAME_31007_SPEC       = 'ANGLES'
   TKFRAME_31007_RELATIVE   = 'MOON_PA_DE421'
   TKFRAME_31007_ANGLES     = (   67.92     78.56     0.30    )
   TKFRAME_31007_AXES       = (   3,        2,        1       )
   TKFRAME_31007_UNITS      = 'ARCSECONDS'

\begintext
