using System.Reflection;

namespace Grainy.Architecture.Tests;

/// <summary>Contracts as lines of text that can be compared.</summary>
internal static class ContractText
{
    /// <summary>One line for each type, member and value, sorted.</summary>
    public static string[] Of(IEnumerable<Type> wire) => [.. wire.SelectMany(Lines).Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Lines(Type type)
    {
        var name = type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias ?? type.FullName!;
        var members = type switch
        {
            { IsEnum: true } => Enum.GetNames(type).Select(value => $"{Convert.ToInt64(Enum.Parse(type, value), null)} {value}"),
            { IsInterface: true } => type.GetMethods().Select(Signature),
            _ => type.GetProperties(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly)
                .Where(property => property.GetCustomAttribute<IdAttribute>() is not null)
                .Select(property => $"{property.GetCustomAttribute<IdAttribute>()!.Id} {property.Name} {Name(property.PropertyType)}"),
        };
        return members.Select(member => $"{name}: {member}").Prepend($"{name} = {(type.IsInterface ? "interface" : type.IsEnum ? "enum" : type.IsValueType ? "struct" : "class")} {type.FullName}");
    }

    private static string Signature(MethodInfo method) =>
        $"{method.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias ?? method.Name}({string.Join(", ", method.GetParameters().Select(parameter => Name(parameter.ParameterType)))}) {Name(method.ReturnType)}";

    private static string Name(Type type) => type switch
    {
        { IsArray: true } => $"{Name(type.GetElementType()!)}[]",
        { IsGenericType: true } => $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>",
        _ => type.GetCustomAttribute<AliasAttribute>(inherit: false)?.Alias ?? type.Name,
    };
}
