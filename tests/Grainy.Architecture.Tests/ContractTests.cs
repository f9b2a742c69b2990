using System.Reflection;
using Grainy.Contracts;

namespace Grainy.Architecture.Tests;

/// <summary>What crosses process borders and is stored: named, numbered, and only ever added to.</summary>
public sealed class ContractTests
{
    private const string Baseline = "tests/Grainy.Architecture.Tests/contracts.txt";

    // The serialiser's generated types lie in a namespace of their own.
    private static readonly Type[] Written = [.. typeof(WorkspaceId).Assembly.GetExportedTypes()
        .Where(type => type.Namespace?.StartsWith("Grainy.", StringComparison.Ordinal) == true && !type.IsNested)];

    private static readonly Type[] Wire = [.. Written
        .Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>(inherit: false) is not null || (type.IsInterface && typeof(IAddressable).IsAssignableFrom(type)))];

    [Fact]
    public void Wire_types_should_have_an_alias() =>
        Wire.Where(type => type.GetCustomAttribute<AliasAttribute>(inherit: false) is null).Select(type => type.FullName).ShouldBeEmpty();

    [Fact]
    public void Aliases_should_be_unique() =>
        Wire.GroupBy(type => type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias).Where(group => group.Count() > 1).Select(group => group.Key).ShouldBeEmpty();

    [Fact]
    public void Grain_methods_should_have_an_alias() =>
        Wire.Where(type => type.IsInterface).SelectMany(type => type.GetMethods()).Where(method => method.GetCustomAttribute<AliasAttribute>(inherit: false) is null)
            .Select(method => $"{method.DeclaringType!.Name}.{method.Name}").ShouldBeEmpty();

    [Fact]
    public void Wire_properties_should_have_a_number_of_their_own()
    {
        foreach (var type in Wire.Where(type => !type.IsInterface && !type.IsEnum && !typeof(Exception).IsAssignableFrom(type)))
        {
            var stored = type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly).Where(property => property.GetMethod is not null && IsStored(property)).ToArray();

            stored.Where(property => property.GetCustomAttribute<IdAttribute>() is null).Select(property => $"{type.Name}.{property.Name}").ShouldBeEmpty();
            stored.Select(property => property.GetCustomAttribute<IdAttribute>()!.Id).ShouldBeUnique($"ids of {type.Name}");
        }
    }

    [Fact]
    public void Public_records_should_be_wire_types() =>
        Written.Where(type => !type.IsInterface && !(type is { IsAbstract: true, IsSealed: true }) && !Wire.Contains(type))
            .Select(type => type.FullName).ShouldBeEmpty();

    /// <summary>A changed line breaks servers that run the earlier version, and state that is stored; an added one belongs into the file.</summary>
    [Fact]
    public void Contracts_should_be_those_of_the_baseline()
    {
        var actual = ContractText.Of(Wire);
        if (Environment.GetEnvironmentVariable("GRAINY_WRITE_CONTRACTS") == "1")
        {
            File.WriteAllLines(TestKit.RepositoryRoot.Combine(Baseline), actual);
        }

        var expected = File.ReadAllLines(TestKit.RepositoryRoot.Combine(Baseline)).Where(line => line.Length > 0).ToArray();

        expected.Except(actual).ShouldBeEmpty($"these lines of {Baseline} are gone or changed: old servers and stored state still use them; keep them and add new ones");
        actual.Except(expected).ShouldBeEmpty($"these lines are new: add them to {Baseline} (GRAINY_WRITE_CONTRACTS=1 writes it)");
    }

    // Static members, 'EqualityContract' and computed properties are not on the wire; the compiler gives stored ones a backing field.
    private static bool IsStored(PropertyInfo property) =>
        property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", BindingFlags.NonPublic | BindingFlags.Instance) is not null;
}
