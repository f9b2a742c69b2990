namespace Grainy.Contracts;

/// <summary>
/// Marks grain interfaces that are called for a person. A call without a subject (see <see cref="Caller"/>) is refused before it
/// reaches the grain, and the grain checks the subject against the workspace that owns the resource.
/// </summary>
public interface IUserFacing;
