namespace Grainy.Cli.Doctor;

/// <summary>One thing that was looked at.</summary>
/// <param name="Check">What.</param>
/// <param name="Ok">False when something will not work.</param>
/// <param name="Found">What is there.</param>
/// <param name="Remedy">What to do about a problem.</param>
internal sealed record Finding(string Check, bool Ok, string Found, string? Remedy = null);
