/// How memories change: what a remember, a revise, a merge becomes as revisions. [Changes] holds
/// the rules.
package dev.remanence.life;
